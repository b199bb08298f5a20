// SPDX-License-Identifier: Apache-2.0
import { DocumentSearch32Regular } from "@fluentui/react-icons";
import { Empty } from "../parts/states";
import { useTitle } from "../parts/PageTitle";
import { Go, usePlace } from "../router";
import { texts } from "../texts";

export function NotFound() {
  const { segments } = usePlace();
  useTitle(texts.errors.notFound);
  const organization = segments[0]?.startsWith("_") ? undefined : segments[0];
  return (
    <>
      <h1 className="hidden">{texts.errors.notFound}</h1>
      <Empty
        icon={<DocumentSearch32Regular />}
        title={texts.errors.notFound}
        actions={organization && <Go className="link" to={`/${encodeURIComponent(organization)}/_usersSettings/tokens`}>{texts.errors.home}</Go>}
      >
        {texts.errors.notFoundWhy}
      </Empty>
    </>
  );
}
