// SPDX-License-Identifier: Apache-2.0
import { useFigures } from "../api/inventory";
import { useStreams } from "../api/streams";
import { useOrganization } from "../session";

/** How many there are, beside a link of the navigation; nothing where it cannot be told. */
export default function Figure({ of }: { of: "tokens" | "streams" }) {
  const organization = useOrganization();
  const figures = useFigures(organization, of === "tokens");
  const streams = useStreams(organization, of === "streams");
  const number = of === "tokens" ? figures.data?.live : streams.data?.length;
  return number === undefined ? null : <span className="navigation-figure numbers">{number.toLocaleString()}</span>;
}
