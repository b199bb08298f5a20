// SPDX-License-Identifier: Apache-2.0
import "./fragment";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./styles.css";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
