//! Asking the actors, in the words of the routes. What is asked is decided on in `domain`; where an actor lives is not known here.

use std::sync::Arc;

use actors::hosted::catalog::{Question, Shown};
use actors::hosted::task::Part;
use actors::system::{Done, Reading, Refused, Request, Stopped, Together};
use domain::announcement::{Announcement, Command as AnnouncementCommand};
use domain::article::{Article, Command as ArticleCommand};
use domain::award::{Award, Command as AwardCommand};
use domain::catalog::{Catalog, Changed, Command as CatalogCommand, DEPARTMENTS};
use domain::department::{Command as DepartmentCommand, Department};
use domain::file::{Command as FileCommand, File, Linked, Uploaded};
use domain::filter::{Command as FilterCommand, Filter};
use domain::form::{Command as FormCommand, Form};
use domain::id::ArticleId;
use domain::inbox::{Command as InboxCommand, Inbox, What};
use domain::list::{Command as ListCommand, List};
use domain::organisation::{Change as OrganisationChange, Command as OrganisationCommand, Organisation, Settings as OrganisationSettings};
use domain::person::{Command as PersonCommand, Person};
use domain::role::{Command as RoleCommand, Role};
use domain::task::{Answer, Command as TaskCommand, Task};
use domain::{
    AwardId, CatalogId, ClaimKind, Code, DepartmentId, FileId, FilterId, FormId, Kind, ListId, OrganisationId, PersonId, Position,
    StreamId, TaskId,
};

use crate::chart;
use crate::error::Fault;
use crate::extract::Caller;
use crate::node::Node;

/// Commands that one change of a catalog may take: some 800 KiB of items each, of at most 64 MiB.
const CATALOG_PARTS_MAX: usize = 256;

/// How often a command is decided whose place others keep taking.
const ATTEMPTS_MAX: usize = 8;

impl Node {
    /// Creates a task; the log gives it its id.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_task(&self, request: Request, command: TaskCommand) -> Result<Done<Answer>, Fault> {
        Ok(self.system.create::<Task>(request, command).await?)
    }

    /// Asks a task to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_task(&self, id: TaskId, request: Request, command: TaskCommand) -> Result<Done<Answer>, Fault> {
        Ok(self.system.execute::<Task>(id.into(), request, command).await?)
    }

    /// Asks several tasks to change, each another one: all of them, or none.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses; the task that is at fault is named.
    pub async fn change_tasks(&self, request: &Request, commands: &[(TaskId, TaskCommand)]) -> Result<Together, Fault> {
        let commands: Vec<_> = commands.iter().map(|(task, command)| (StreamId::from(*task), command.clone())).collect();
        self.system.execute_all::<Task>(request, &commands).await.map_err(|Stopped { stream, refused }| {
            let fault = Fault::from(refused);
            match stream {
                Some(stream) => fault.with(format!("task {}", stream.id)),
                None => fault,
            }
        })
    }

    /// The task as the asker may see it, and the position that it shows at least; it may already show more.
    ///
    /// # Errors
    /// As access, or infrastructure, refuses.
    pub async fn show_task(&self, caller: &Caller, id: TaskId) -> Result<(Answer, Position), Fault> {
        self.show_part_of_task(caller, id, Part::Whole).await
    }

    /// As much of the task as is asked for, likewise.
    ///
    /// # Errors
    /// As access, or infrastructure, refuses.
    pub async fn show_part_of_task(&self, caller: &Caller, id: TaskId, part: Part) -> Result<(Answer, Position), Fault> {
        let (reading, position) = self.reading(caller).await?;
        Ok((self.system.read::<Task>(id.into(), reading, part).await?.view, position))
    }

    /// Whether the asker may see the task.
    ///
    /// # Errors
    /// `access_denied_task`, or as infrastructure refuses.
    pub async fn sees_task(&self, caller: &Caller, id: TaskId) -> Result<(), Fault> {
        self.show_part_of_task(caller, id, Part::Newest).await.map(|_| ())
    }

    /// How fresh a read for the asker has to be, and the position that it shows at least.
    async fn reading(&self, caller: &Caller) -> Result<(Reading, Position), Fault> {
        // What the asker wrote through this node is in the actor already; what they wrote through another may not be.
        let (at_least, position) = match self.cluster() {
            Some(_) => caller.after().await.map(|after| (after, after))?,
            None => (caller.asked, self.head().position),
        };
        let reading = Reading {
            organisation: caller.organisation.id,
            who: caller.person.id,
            at_least: Some(at_least).filter(|position| *position > 0),
            deadline: caller.deadline,
        };
        Ok((reading, position))
    }

    /// Records a file whose bytes are kept; its id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn upload_file(&self, request: Request, upload: Uploaded) -> Result<Done<Arc<File>>, Fault> {
        Ok(self.system.create::<File>(request, FileCommand::Upload(Box::new(upload))).await?)
    }

    /// Records a link that stands where a file can; likewise.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn link_file(&self, request: Request, link: Linked) -> Result<Done<Arc<File>>, Fault> {
        Ok(self.system.create::<File>(request, FileCommand::Link(link)).await?)
    }

    /// Gives `version` its number among the versions of `root`; the answer shows which that is.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn add_file_version(&self, root: FileId, request: Request, version: FileId) -> Result<Done<Arc<File>>, Fault> {
        Ok(self.system.execute::<File>(root.into(), request, FileCommand::AddVersion { file: version }).await?)
    }

    /// Records in a file that it is version `version` of `root`.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn make_file_version(&self, id: FileId, request: Request, root: FileId, version: u32) -> Result<Done<Arc<File>>, Fault> {
        Ok(self.system.execute::<File>(id.into(), request, FileCommand::BecomeVersion { root, version }).await?)
    }

    /// Records that the bytes of a file go.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn remove_file(&self, id: FileId, request: Request) -> Result<Done<Arc<File>>, Fault> {
        Ok(self.system.execute::<File>(id.into(), request, FileCommand::Remove).await?)
    }

    /// The file, if it is of the asker's organisation; whether they may read it is asked elsewhere ([`crate::files::access`]).
    ///
    /// # Errors
    /// `file_is_missing`, or as infrastructure refuses.
    pub async fn show_file(&self, caller: &Caller, id: FileId) -> Result<Arc<File>, Fault> {
        let (reading, _) = self.reading(caller).await?;
        Ok(self.system.read::<File>(id.into(), reading, ()).await?.view)
    }

    /// Asks a list to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_list(&self, id: ListId, request: Request, command: ListCommand) -> Result<Done<Arc<List>>, Fault> {
        self.settled(&request, async |request| self.system.execute::<List>(id.into(), request, command.clone()).await).await
    }

    /// Makes a list; its id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_list(&self, request: Request, command: ListCommand) -> Result<Done<Arc<List>>, Fault> {
        Ok(self.system.create::<List>(request, command).await?)
    }

    /// Makes a form; its id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_form(&self, request: Request, command: FormCommand) -> Result<Done<Arc<Form>>, Fault> {
        Ok(self.system.create::<Form>(request, command).await?)
    }

    /// Asks a form to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_form(&self, id: FormId, request: Request, command: FormCommand) -> Result<Done<Arc<Form>>, Fault> {
        Ok(self.system.execute::<Form>(id.into(), request, command).await?)
    }

    /// Asks a person to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_person(&self, id: PersonId, request: Request, command: PersonCommand) -> Result<Done<Arc<Person>>, Fault> {
        self.settled(&request, async |request| self.system.execute::<Person>(id.into(), request, command.clone()).await).await
    }

    /// Adds a person; their id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn add_person(&self, request: Request, command: PersonCommand) -> Result<Done<Arc<Person>>, Fault> {
        Ok(self.system.create::<Person>(request, command).await?)
    }

    /// Announces something; the id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_announcement(&self, request: Request, command: AnnouncementCommand) -> Result<Done<Arc<Announcement>>, Fault> {
        Ok(self.system.create::<Announcement>(request, command).await?)
    }

    /// The announcement, for whoever may see it.
    ///
    /// # Errors
    /// `access_denied`, or as infrastructure refuses.
    pub async fn show_announcement(&self, caller: &Caller, id: i64) -> Result<Arc<Announcement>, Fault> {
        let (reading, _) = self.reading(caller).await?;
        Ok(self.system.read::<Announcement>(StreamId::new(Kind::Announcement, id), reading, ()).await?.view)
    }

    /// Asks an announcement to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_announcement(
        &self,
        id: i64,
        request: Request,
        command: AnnouncementCommand,
    ) -> Result<Done<Arc<Announcement>>, Fault> {
        Ok(self.system.execute::<Announcement>(StreamId::new(Kind::Announcement, id), request, command).await?)
    }

    /// Creates an award; its id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_award(&self, request: Request, command: AwardCommand) -> Result<Done<Arc<Award>>, Fault> {
        Ok(self.system.create::<Award>(request, command).await?)
    }

    /// Asks an award to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_award(&self, id: AwardId, request: Request, command: AwardCommand) -> Result<Done<Arc<Award>>, Fault> {
        Ok(self.system.execute::<Award>(id.into(), request, command).await?)
    }

    /// Asks the asker's own inbox to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_inbox(&self, request: Request, what: What) -> Result<Done<Arc<Inbox>>, Fault> {
        let of = request.who;
        Ok(self.system.execute::<Inbox>(StreamId::new(Kind::Inbox, of.0), request, InboxCommand { of, what }).await?)
    }

    /// The asker's own inbox, as far as it is theirs alone, and the position that it shows at least.
    ///
    /// # Errors
    /// As access, or infrastructure, refuses.
    pub async fn show_inbox(&self, caller: &Caller) -> Result<(Arc<Inbox>, Position), Fault> {
        let (reading, position) = self.reading(caller).await?;
        Ok((self.system.read::<Inbox>(StreamId::new(Kind::Inbox, caller.person.id.0), reading, ()).await?.view, position))
    }

    /// Asks a catalog to change, or for a new one, as often as it takes until nothing is left of the change
    /// (`domain/src/catalog/stage.rs`): under the ids of the request's parts, so that a repeat finds each of them.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_catalog(&self, id: Option<CatalogId>, whole: &Request, command: CatalogCommand) -> Result<Done<Shown>, Fault> {
        if id == Some(DEPARTMENTS) {
            return Err(chart::kept(self, whole, &command));
        }
        let mut id = id;
        for part in 0..CATALOG_PARTS_MAX {
            let name = if part == 0 { whole.command } else { whole.command.part(part) };
            let deadline = std::time::Instant::now() + self.settings.http.deadline();
            // The answer says whether there is more to do.
            let request = Request { command: name, deadline, brief: false, ..whole.clone() };
            let mut done = match id {
                Some(id) => self.system.execute::<Catalog>(id.into(), request, command.clone()).await?,
                None => self.system.create::<Catalog>(request, command.clone()).await?,
            };
            if done.first.is_none() {
                // Nothing had to change; what it tells of was done by the command before.
                done.view.changed = Changed::nothing(&done.view.heading);
            }
            if !done.view.changed.goes_on {
                return Ok(done);
            }
            id = Some(CatalogId(done.stream.id));
        }
        Err(Fault::domain(Code::Conflict).with("the catalog kept changing"))
    }

    /// What is asked of a catalog as the asker may see it, and the position that it shows at least.
    ///
    /// # Errors
    /// As access, or infrastructure, refuses.
    pub async fn show_catalog(&self, caller: &Caller, id: CatalogId, question: Question) -> Result<(Shown, Position), Fault> {
        if id == DEPARTMENTS {
            return chart::shown(caller, &question).await;
        }
        let (reading, position) = self.reading(caller).await?;
        Ok((self.system.read::<Catalog>(id.into(), reading, question).await?.view, position))
    }

    /// Creates a role; its id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_role(&self, request: Request, command: RoleCommand) -> Result<Done<Arc<Role>>, Fault> {
        Ok(self.system.create::<Role>(request, command).await?)
    }

    /// Asks a role to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_role(&self, id: PersonId, request: Request, command: RoleCommand) -> Result<Done<Arc<Role>>, Fault> {
        Ok(self.system.execute::<Role>(StreamId::new(Kind::Role, id.0), request, command).await?)
    }

    /// Saves a filter; its id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_filter(&self, request: Request, command: FilterCommand) -> Result<Done<Arc<Filter>>, Fault> {
        Ok(self.system.create::<Filter>(request, command).await?)
    }

    /// Asks a saved filter to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_filter(&self, id: FilterId, request: Request, command: FilterCommand) -> Result<Done<Arc<Filter>>, Fault> {
        Ok(self.system.execute::<Filter>(id.into(), request, command).await?)
    }

    /// Adds an article or a topic; the id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_article(&self, request: Request, command: ArticleCommand) -> Result<Done<Arc<Article>>, Fault> {
        Ok(self.system.create::<Article>(request, command).await?)
    }

    /// Asks an article to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_article(&self, id: ArticleId, request: Request, command: ArticleCommand) -> Result<Done<Arc<Article>>, Fault> {
        self.settled(&request, async |request| self.system.execute::<Article>(id.into(), request, command.clone()).await).await
    }

    /// Creates a department; its id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_department(&self, request: Request, command: DepartmentCommand) -> Result<Done<Arc<Department>>, Fault> {
        self.settled(&request, async |request| self.system.create::<Department>(request, command.clone()).await).await
    }

    /// Asks a department to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_department(
        &self,
        id: DepartmentId,
        request: Request,
        command: DepartmentCommand,
    ) -> Result<Done<Arc<Department>>, Fault> {
        self.settled(&request, async |request| self.system.execute::<Department>(id.into(), request, command.clone()).await).await
    }

    /// Asks again, once the directory shows what came between, where the place that a decision claimed was taken meanwhile
    /// (`domain/src/person/administration.rs`, `domain/src/department/tree.rs`, `domain/src/article/tree.rs`). Nothing was written, so the command's id is free.
    async fn settled<V>(&self, request: &Request, ask: impl AsyncFn(Request) -> Result<Done<V>, Refused>) -> Result<Done<V>, Fault> {
        for _ in 1..ATTEMPTS_MAX {
            match ask(request.clone()).await {
                Err(Refused::Taken(
                    ClaimKind::AdministrationLeft | ClaimKind::DepartmentTree | ClaimKind::ListTree | ClaimKind::ArticleTurn,
                )) => {
                    // Whoever took the place is in the log by now; maybe not in what this node has heard of it.
                    let head = self.system.fresh_head().await.ok_or_else(|| Fault::unavailable("the log cannot be read just now"))?;
                    self.world.at_least(head.position).await?;
                }
                answer => return Ok(answer?),
            }
        }
        Ok(ask(request.clone()).await?)
    }

    /// Asks the caller's organisation to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_organisation(&self, request: Request, change: OrganisationChange) -> Result<Done<Arc<Organisation>>, Fault> {
        let stream = StreamId::new(Kind::Organisation, request.organisation.0);
        Ok(self.system.execute::<Organisation>(stream, request, OrganisationCommand::Change(Box::new(change))).await?)
    }

    /// Founds an organisation, and returns once people can be added to it. `request` is of nobody's organisation.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn found_organisation(
        &self,
        request: impl FnOnce(OrganisationId) -> Request,
        settings: OrganisationSettings,
    ) -> Result<OrganisationId, Fault> {
        let command = OrganisationCommand::Create(Box::new(settings));
        let done = self.system.create::<Organisation>(request(OrganisationId::SYSTEM), command).await?;
        self.world.at_least(done.position).await?;
        Ok(OrganisationId(done.stream.id))
    }
}
