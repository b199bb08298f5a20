// SPDX-License-Identifier: Apache-2.0
import { agentName } from "../../agents";
import type { Client } from "../../api/types";
import { When } from "../../parts/small";
import { texts } from "../../texts";

/** Who uses a token, from where and on what. `on`: with the repository's column, where there is room for it. */
export function ClientsTable({ clients, caption, on = false }: { clients: Client[]; caption: string; on?: boolean }) {
  return (
    <table className="clients">
      <caption className="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.detail.client}</th>
          <th scope="col" className="from-medium">{texts.detail.address}</th>
          {on && <th scope="col" className="from-wide">{texts.detail.on}</th>}
          <th scope="col">{texts.detail.lastUsed}</th>
          <th scope="col" className="figure">{texts.detail.requests}</th>
        </tr>
      </thead>
      <tbody>
        {clients.map((client) => (
          <tr key={[client.userAgent, client.address, client.repository?.id].join("\n")}>
            <td title={client.userAgent}>{agentName(client.userAgent)}</td>
            <td className="from-medium">{client.address}</td>
            {on && <td className="from-wide">{client.repository ? `${client.repository.project}/${client.repository.name}` : texts.detail.noRepository}</td>}
            <td><When at={client.lastUsed} /></td>
            <td className="figure">
              {(client.accepted + client.refused).toLocaleString()}
              {client.refused > 0 && <small>{texts.detail.ofThemRefused(client.refused)}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
