// SPDX-License-Identifier: Apache-2.0
import { Button, DrawerBody, DrawerHeader, DrawerHeaderTitle, OverlayDrawer } from "@fluentui/react-components";
import { Dismiss20Regular } from "@fluentui/react-icons";
import { useFocusBack } from "../parts/useFocusBack";
import type { Area } from "../routes";
import { texts } from "../texts";
import { Navigation } from "./Navigation";

/** The navigation of narrow windows. */
export default function NavigationDrawer({ area, onClose }: { area: Area; onClose: () => void }) {
  useFocusBack();
  return (
    <OverlayDrawer open position="start" className="navigation-drawer" onOpenChange={(_, { open }) => { if (!open) onClose(); }}>
      <DrawerHeader>
        <DrawerHeaderTitle action={<Button appearance="subtle" aria-label={texts.common.close} icon={<Dismiss20Regular />} onClick={onClose} />}>
          {texts.product}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody><Navigation area={area} /></DrawerBody>
    </OverlayDrawer>
  );
}
