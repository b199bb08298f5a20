// SPDX-License-Identifier: Apache-2.0
import { DocumentSearch32Regular } from "@fluentui/react-icons";
import { Empty } from "../parts/states";
import { useTitle } from "../parts/PageTitle";
import { Go, usePlace } from "../router";
import { texts } from "../texts";

export function NotFound() {
  const { segments } = usePlace();
  // The server's root leads to an organization, for whoever is in one.
  const homeless = segments.length === 0;
  const title = homeless ? texts.errors.noOrganization : texts.errors.notFound;
  useTitle(title);
  const organization = segments[0]?.startsWith("_") ? undefined : segments[0];
  return (
    <>
      <h1 className="hidden">{title}</h1>
      <Empty
        icon={<DocumentSearch32Regular />}
        title={title}
        actions={organization && <Go className="link" to={`/${encodeURIComponent(organization)}/_usersSettings/tokens`}>{texts.errors.home}</Go>}
      >
        {homeless ? texts.errors.noOrganizationWhy : texts.errors.notFoundWhy}
      </Empty>
    </>
  );
}
