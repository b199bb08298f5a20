// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Add20Regular, Delete20Regular, Folder20Regular, Folder32Regular, Rename20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { createProject, deleteProject, renameProject, useProjects } from "../api/projects";
import type { Project } from "../api/types";
import { useItemMenu } from "../parts/ItemMenu";
import { PageTitle } from "../parts/PageTitle";
import { When } from "../parts/small";
import { Empty, Failed, SkeletonRows } from "../parts/states";
import { Go, navigate } from "../router";
import { parts } from "../routes";
import { useOrganization, useRole } from "../session";
import { texts } from "../texts";
import { ListSearch, matches, NothingFound, useSought } from "./lists/ListSearch";
import { DeleteDialog, NameDialog } from "./lists/NameDialog";
import "./lists/lists.css";

const t = texts.projects;
type Asked = { act: "create" } | { act: "rename" | "remove"; project: Project };

export default function Projects() {
  const organization = useOrganization();
  const administers = useRole() === "administrator";
  const query = useProjects(organization);
  const sought = useSought();
  const [asked, setAsked] = useState<Asked>();
  const projects = query.data?.filter(({ name, description }) => matches(sought, name, description));
  const add = <Button appearance="primary" icon={<Add20Regular />} onClick={() => setAsked({ act: "create" })}><span className="long-text">{t.add}</span><span className="short-text">{t.addShort}</span></Button>;

  return (
    <>
      <PageTitle title={t.title} actions={<><ListSearch label={t.search} />{administers && add}</>}>
        {query.data && t.intro(query.data.length, organization)}
      </PageTitle>
      <div className="notes"><Failed query={query} /></div>
      <div className={query.error && query.data ? "card list stale" : "card list"}>
        {!projects ? query.isPending && <SkeletonRows rows={4} />
          : query.data?.length === 0 ? <Empty icon={<Folder32Regular />} title={t.empty} actions={administers && add}>{administers ? t.emptyWhy : t.emptyReader}</Empty>
          : projects.length === 0 ? <NothingFound text={t.none(sought)} clear={t.clear} />
          : <Table projects={projects} organization={organization} onAsk={administers ? setAsked : undefined} />}
      </div>
      {asked && <Ask asked={asked} organization={organization} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Table({ projects, organization, onAsk }: { projects: Project[]; organization: string; onAsk: ((asked: Asked) => void) | undefined }) {
  const { button, menu } = useItemMenu<Project>(({ name }) => t.actions(name), (project) => [
    { text: t.rename, icon: <Rename20Regular />, onPick: () => onAsk?.({ act: "rename", project }) },
    { text: t.remove, icon: <Delete20Regular />, onPick: () => onAsk?.({ act: "remove", project }) },
  ]);
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" className="w-date from-medium">{t.changed}</th>
            {onAsk && <th scope="col" className="w-menu"><span className="hidden">{texts.repositories.actionsHead}</span></th>}
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <tr key={project.id}>
              <td>
                <div className="name">
                  <Folder20Regular aria-hidden="true" />
                  <span>
                    <Go to={`/${encodeURIComponent(organization)}/${encodeURIComponent(project.name)}/_git`} onMouseEnter={parts.repositories.fetch} onFocus={parts.repositories.fetch}>{project.name}</Go>
                    {project.description && <span className="two clip">{project.description}</span>}
                  </span>
                </div>
              </td>
              <td className="from-medium">{project.lastUpdateTime && <When at={project.lastUpdateTime} />}</td>
              {onAsk && <td><div className="row-actions">{button(project)}</div></td>}
            </tr>
          ))}
        </tbody>
      </table>
      {menu}
    </>
  );
}

function Ask({ asked, organization, onClose }: { asked: Asked; organization: string; onClose: () => void }) {
  if (asked.act === "create") {
    return (
      <NameDialog
        title={t.createTitle}
        label={t.name}
        act={t.create}
        second={{ label: t.description, hint: t.optional }}
        perform={async (name, description) => {
          await createProject(organization, name, description);
          navigate(`/${encodeURIComponent(organization)}/${encodeURIComponent(name)}/_git`);
        }}
        onClose={onClose}
      />
    );
  }
  const { id, name } = asked.project;
  if (asked.act === "rename") {
    return <NameDialog title={t.renameTitle(name)} label={t.name} act={t.renameDo} from={name} why={t.renameWhy} perform={(to) => renameProject(organization, id, to)} onClose={onClose} />;
  }
  return (
    <DeleteDialog
      title={t.removeTitle(name)}
      why={t.removeWhy}
      act={t.removeDo}
      keep={t.keep}
      name={name}
      typeName={texts.repositories.typeName(name)}
      wrong={texts.repositories.typeNameWrong(name)}
      perform={() => deleteProject(organization, id)}
      onClose={onClose}
    />
  );
}
