// SPDX-License-Identifier: Apache-2.0
import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from "@fluentui/react-components";

// #0e6a7c in 16 steps of fixed OKLCH lightness, so that contrast does not depend on the hue.
const brand: BrandVariants = {
  10: "#011a20", 20: "#00272f", 30: "#00333d", 40: "#02414d", 50: "#034e5c", 60: "#045b6b", 70: "#0b6779", 80: "#1d7385",
  90: "#3c8d9f", 100: "#59a3b5", 110: "#6db0c1", 120: "#80bccc", 130: "#99cad7", 140: "#b4d8e2", 150: "#cce5eb", 160: "#eaf4f7",
};

const fonts: Partial<Theme> = {
  fontFamilyBase:
    "'Segoe UI Variable Text','Segoe UI',-apple-system,BlinkMacSystemFont,'Inter Variable','Noto Sans',sans-serif",
  fontFamilyMonospace: "'Cascadia Mono',Consolas,ui-monospace,'SF Mono',Menlo,'Liberation Mono',monospace",
};

export const light: Theme = { ...createLightTheme(brand), ...fonts };

export const darkTheme: Theme = {
  ...createDarkTheme(brand),
  ...fonts,
  colorBrandForeground1: brand[110],
  colorBrandForegroundLink: brand[110],
  colorBrandForegroundLinkHover: brand[120],
  colorBrandForegroundLinkPressed: brand[100],
  colorBrandForeground2: brand[120],
  colorBrandBackground2: brand[20],
  colorBrandStroke1: brand[110],
  colorBrandStroke2: brand[50],
  colorCompoundBrandForeground1: brand[110],
  colorCompoundBrandForeground1Hover: brand[120],
  colorCompoundBrandForeground1Pressed: brand[100],
  colorCompoundBrandBackground: brand[110],
  colorCompoundBrandBackgroundHover: brand[120],
  colorCompoundBrandBackgroundPressed: brand[100],
  colorCompoundBrandStroke: brand[110],
  colorCompoundBrandStrokeHover: brand[120],
  colorCompoundBrandStrokePressed: brand[100],
};
