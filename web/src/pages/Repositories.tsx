// SPDX-License-Identifier: Apache-2.0
import { Button, useRestoreFocusTarget } from "@fluentui/react-components";
import { Add20Regular, ArrowDownload20Regular, BranchFork20Regular, BranchFork32Regular, Delete20Regular, Folder32Regular, Rename20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { Failure } from "../api/client";
import { createRepository, deleteRepository, renameRepository, useRepositories } from "../api/projects";
import type { Repository } from "../api/types";
import { useItemMenu } from "../parts/ItemMenu";
import { PageTitle } from "../parts/PageTitle";
import { When } from "../parts/small";
import { Empty, Failed, SkeletonRows } from "../parts/states";
import { Go, navigate, usePlace } from "../router";
import { parts } from "../routes";
import { useOrganization, useRole } from "../session";
import { texts } from "../texts";
import { ListSearch, matches, NothingFound, useSought } from "./lists/ListSearch";
import { DeleteDialog, NameDialog } from "./lists/NameDialog";
import { bytes } from "./lists/bytes";
import "./lists/lists.css";

const t = texts.repositories;
type Asked = { act: "create" } | { act: "rename" | "remove"; repository: Repository };

export default function Repositories() {
  const organization = useOrganization();
  const { segments } = usePlace();
  // Where the address names no project, its name is the repository's.
  const project = (segments[1] === "_git" ? segments[2] : segments[1]) ?? "";
  const administers = useRole() === "administrator";
  const query = useRepositories(organization, project);
  const sought = useSought();
  const [asked, setAsked] = useState<Asked>();
  const repositories = query.data?.filter(({ name }) => matches(sought, name));
  const add = <Button appearance="primary" icon={<Add20Regular />} onClick={() => setAsked({ act: "create" })}><span className="long-text">{t.add}</span><span className="short-text">{t.addShort}</span></Button>;
  if (query.error instanceof Failure && query.error.status === 404) return <NoProject organization={organization} />;

  return (
    <>
      <PageTitle title={t.title} tab={`${t.title} – ${project}`} actions={<><ListSearch label={t.search} />{administers && add}</>}>
        {query.data && t.intro(query.data.length, project)}
      </PageTitle>
      <div className="notes"><Failed query={query} /></div>
      <div className={query.error && query.data ? "card list stale" : "card list"}>
        {!repositories ? query.isPending && <SkeletonRows rows={4} />
          : query.data?.length === 0 ? <Empty icon={<BranchFork32Regular />} title={t.empty} actions={administers && add}>{t.emptyWhy}</Empty>
          : repositories.length === 0 ? <NothingFound text={t.none(sought)} clear={t.clear} />
          : <Table repositories={repositories} base={`/${encodeURIComponent(organization)}/${encodeURIComponent(project)}/_git`} onAsk={administers ? setAsked : undefined} />}
      </div>
      {asked && <Ask asked={asked} organization={organization} project={project} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Table({ repositories, base, onAsk }: { repositories: Repository[]; base: string; onAsk: ((asked: Asked) => void) | undefined }) {
  const { path, search } = usePlace();
  const restore = useRestoreFocusTarget();
  const behind = path + (search.size ? `?${search.toString()}` : "");
  const { button, menu } = useItemMenu<Repository>(({ name }) => t.actions(name), (repository) => [
    { text: t.rename, icon: <Rename20Regular />, onPick: () => onAsk?.({ act: "rename", repository }) },
    { text: t.remove, icon: <Delete20Regular />, onPick: () => onAsk?.({ act: "remove", repository }) },
  ]);
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" className="w-branch from-wide">{t.branch}</th>
            <th scope="col" className="w-date from-medium">{t.created}</th>
            <th scope="col" className="w-size figure from-medium">{t.size}</th>
            <th scope="col" className="w-clone"><span className="hidden">{t.actionsHead}</span></th>
          </tr>
        </thead>
        <tbody>
          {repositories.map((repository) => {
            const { id, name, defaultBranch, creationDate, size, isDisabled } = repository;
            const to = `${base}/${encodeURIComponent(name)}`;
            return (
              <tr key={id}>
                <td>
                  <div className="name">
                    <BranchFork20Regular aria-hidden="true" />
                    <span>
                      <Go to={to} behind={behind} onMouseEnter={parts.clone.fetch} onFocus={parts.clone.fetch}>{name}</Go>
                      {isDisabled && <span className="two">{t.disabled}</span>}
                      {creationDate && <span className="two phone-only"><When at={creationDate} /></span>}
                    </span>
                  </div>
                </td>
                <td className="from-wide">{defaultBranch ? defaultBranch.replace("refs/heads/", "") : <span className="off">{t.noBranch}</span>}</td>
                <td className="from-medium">{creationDate && <When at={creationDate} />}</td>
                <td className="figure from-medium">{bytes(size ?? 0)}</td>
                <td>
                  <div className="row-actions">
                    <Button {...restore} size="small" icon={<ArrowDownload20Regular />} aria-label={t.cloneOf(name)} onMouseEnter={parts.clone.fetch} onFocus={parts.clone.fetch} onClick={() => navigate(to, { behind })}>
                      {t.clone}
                    </Button>
                    {onAsk && button(repository)}
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {menu}
    </>
  );
}

function Ask({ asked, organization, project, onClose }: { asked: Asked; organization: string; project: string; onClose: () => void }) {
  if (asked.act === "create") {
    return <NameDialog title={t.createTitle} label={t.name} act={t.create} perform={(name) => createRepository(organization, project, name)} onClose={onClose} />;
  }
  const { id, name } = asked.repository;
  if (asked.act === "rename") {
    return <NameDialog title={t.renameTitle(name)} label={t.name} act={t.renameDo} from={name} why={t.renameWhy} perform={(to) => renameRepository(organization, id, to)} onClose={onClose} />;
  }
  return (
    <DeleteDialog
      title={t.removeTitle(name)}
      why={t.removeWhy}
      act={t.removeDo}
      keep={t.keep}
      name={name}
      typeName={t.typeName(name)}
      wrong={t.typeNameWrong(name)}
      perform={() => deleteRepository(organization, id)}
      onClose={onClose}
    />
  );
}

function NoProject({ organization }: { organization: string }) {
  return (
    <>
      <h1 className="hidden">{t.title}</h1>
      <div className="card">
        <Empty icon={<Folder32Regular />} title={t.noProject} actions={<Button appearance="primary" onClick={() => navigate(`/${encodeURIComponent(organization)}`)}>{t.toProjects}</Button>}>{t.noProjectWhy}</Empty>
      </div>
    </>
  );
}
