//! The table itself: every deed that is not everybody's, and who may. Not how it is asked (see [`super`]).

use crate::person::rights as right;

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    SeeColleagues,
    SeePrivateAttributes,
    AddPersons,
    ChangeProfile,
    ManagePersons,
    AddBots,
    ManageBots,
    SeeBotSettings,
    SeeRoles,
    ManageRoles,
    SeeDepartments,
    ArrangeDepartments,
    ChangeOrganisation,
    SeeTask,
    LookBackAtDeletedTask,
    CloseTask,
    DeleteTask,
    EditComment,
    DeleteComment,
    MakeLists,
    OpenListsToAll,
    SeeOpenLists,
    ManageOpenLists,
    SeeList,
    ManageList,
    ReadAnnouncements,
    WriteAnnouncements,
    ChangeAnnouncement,
    EditAnnouncementComment,
    DeleteAnnouncementComment,
    ReadArticle,
    WriteArticle,
    AdministerKnowledgeBase,
    SeeAwards,
    ManageAwards,
    ConfigureForms,
    SeeFilter,
    ChangeFilter,
    ShareFilters,
    ReadHistory,
    LookThroughEyes,
}

/// One of those who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Persons and bots of the organisation, but no guests.
    Colleagues,
    /// Whoever holds these rights.
    Holder(u32),
    /// Whoever is this to it, a guest too.
    Is(Being),
    /// Whoever is this to it and no guest.
    Colleague(Being),
    /// Whoever holds these rights and is this to it.
    HolderAnd(u32, Being),
}

/// What somebody is to what the deed is done to: by themselves, and for most of it through a role that they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Being {
    /// It is about them.
    Oneself,
    /// Wrote it. A role writes nothing.
    Author,
    Responsible,
    WasResponsible,
    Participant,
    Subscriber,
    /// Stands in for one of these who is away.
    Deputy,
    /// Stands in for the responsible, who is away.
    DeputyOfResponsible,
    /// Sees the list, or one that the task lies in.
    ListReader,
    /// Manages it. A guest manages none.
    ListManager,
    /// Is named as a reader of the article, or of a topic above that it inherits from; or the filter is shared with them.
    Reader,
    /// Likewise as an editor.
    Editor,
    /// The article is open, or the filter shared with everybody.
    Addressed,
    /// Is asked at a step of the task's form, reached or not.
    Approver,
    /// Sees all tasks of its form.
    FormReader,
    /// Manages its form.
    FormManager,
}

impl Deed {
    pub const ALL: [Self; 41] = [
        Self::SeeColleagues,
        Self::SeePrivateAttributes,
        Self::AddPersons,
        Self::ChangeProfile,
        Self::ManagePersons,
        Self::AddBots,
        Self::ManageBots,
        Self::SeeBotSettings,
        Self::SeeRoles,
        Self::ManageRoles,
        Self::SeeDepartments,
        Self::ArrangeDepartments,
        Self::ChangeOrganisation,
        Self::SeeTask,
        Self::LookBackAtDeletedTask,
        Self::CloseTask,
        Self::DeleteTask,
        Self::EditComment,
        Self::DeleteComment,
        Self::MakeLists,
        Self::OpenListsToAll,
        Self::SeeOpenLists,
        Self::ManageOpenLists,
        Self::SeeList,
        Self::ManageList,
        Self::ReadAnnouncements,
        Self::WriteAnnouncements,
        Self::ChangeAnnouncement,
        Self::EditAnnouncementComment,
        Self::DeleteAnnouncementComment,
        Self::ReadArticle,
        Self::WriteArticle,
        Self::AdministerKnowledgeBase,
        Self::SeeAwards,
        Self::ManageAwards,
        Self::ConfigureForms,
        Self::SeeFilter,
        Self::ChangeFilter,
        Self::ShareFilters,
        Self::ReadHistory,
        Self::LookThroughEyes,
    ];

    /// Who may: each of these.
    pub const fn who(self) -> &'static [Who] {
        use Being::{
            Addressed, Approver, Author, Deputy, DeputyOfResponsible, Editor, FormManager, FormReader, ListManager, ListReader, Oneself,
            Participant, Reader, Responsible, Subscriber, WasResponsible,
        };
        use Who::{Colleague, Colleagues, Holder, HolderAnd, Is};
        match self {
            // People. Nobody manages who holds a right that they do not hold themselves, nor themselves.
            Self::SeeColleagues => &[Colleagues, Is(Oneself)],
            Self::SeePrivateAttributes | Self::ChangeProfile => &[Is(Oneself), Holder(right::MANAGE_PERSONS)],
            Self::AddPersons => &[Holder(right::INVITE_PERSONS), Holder(right::MANAGE_PERSONS)],
            Self::ManagePersons | Self::ArrangeDepartments => &[Holder(right::MANAGE_PERSONS)],
            Self::AddBots | Self::ManageBots => &[Holder(right::MANAGE_INTEGRATIONS)],
            Self::SeeBotSettings => &[Is(Oneself), Holder(right::MANAGE_INTEGRATIONS)],
            Self::SeeRoles | Self::SeeDepartments => &[Colleagues],
            Self::ManageRoles => &[Holder(right::MANAGE_ROLES)],
            Self::ChangeOrganisation => &[Holder(right::EDIT_ORGANISATION_SETTINGS)],
            // Tasks. To see one is to comment on it, too, and to change its people, subject, dates and lists.
            Self::SeeTask => &[
                Is(Author),
                Is(Responsible),
                Is(WasResponsible),
                Is(Participant),
                Is(Subscriber),
                Is(Approver),
                Is(Deputy),
                Is(ListReader),
                Is(FormReader),
                Holder(right::SEE_ALL_TASKS),
            ],
            Self::LookBackAtDeletedTask => &[Holder(right::SEE_ALL_TASKS)],
            Self::CloseTask => &[
                Is(Author),
                Is(Responsible),
                Colleague(WasResponsible),
                Colleague(Participant),
                Colleague(Approver),
                Colleague(DeputyOfResponsible),
                Colleague(ListManager),
                Colleague(FormManager),
            ],
            Self::DeleteTask => &[HolderAnd(right::DELETE_OWN_TASKS, Author), Holder(right::DELETE_OTHERS_TASKS)],
            Self::EditComment | Self::EditAnnouncementComment => &[Is(Author)],
            Self::DeleteComment => &[Is(Author), Holder(right::DELETE_OTHERS_TASKS)],
            // Lists. Those of a list are those of the lists below it.
            Self::MakeLists | Self::SeeOpenLists => &[Colleagues],
            Self::OpenListsToAll | Self::ManageOpenLists => &[Holder(right::EDIT_ORGANISATION_LISTS)],
            Self::SeeList => &[Is(ListReader)],
            Self::ManageList => &[Colleague(ListManager)],
            // Announcements. Who reads them comments on them.
            Self::ReadAnnouncements => &[Colleagues],
            Self::WriteAnnouncements => &[Holder(right::CREATE_ANNOUNCEMENTS)],
            Self::ChangeAnnouncement | Self::DeleteAnnouncementComment => &[Is(Author), Holder(right::CLOSE_DELETE_ANNOUNCEMENTS)],
            // The knowledge base.
            Self::ReadArticle => &[Is(Reader), Is(Editor), Colleague(Addressed), Holder(right::MANAGE_INTEGRATIONS)],
            Self::WriteArticle => &[Is(Editor), Holder(right::MANAGE_INTEGRATIONS)],
            Self::AdministerKnowledgeBase => &[Holder(right::MANAGE_INTEGRATIONS)],
            // Awards.
            Self::SeeAwards => &[Colleagues],
            Self::ManageAwards => &[Holder(right::CONFIGURATION_MANAGER)],
            // Forms. What a level in one of them allows is in `domain/src/form/access.rs`.
            Self::ConfigureForms => &[Holder(right::MANAGE_INTEGRATIONS)],
            // Saved filters. Whom one is shared with finds by it what they see themselves.
            Self::SeeFilter => &[Is(Author), Is(Reader), Colleague(Addressed)],
            Self::ChangeFilter => &[Is(Author), HolderAnd(right::EDIT_ORGANISATION_SETTINGS, Addressed)],
            Self::ShareFilters => &[Colleagues],
            // What is remembered of people.
            Self::ReadHistory => &[Holder(right::SEE_ALL_TASKS)],
            Self::LookThroughEyes => &[Is(Oneself), Holder(right::SEE_ALL_TASKS)],
        }
    }
}

impl Being {
    pub const ALL: [Self; 16] = [
        Self::Oneself,
        Self::Author,
        Self::Responsible,
        Self::WasResponsible,
        Self::Participant,
        Self::Subscriber,
        Self::Deputy,
        Self::DeputyOfResponsible,
        Self::ListReader,
        Self::ListManager,
        Self::Reader,
        Self::Editor,
        Self::Addressed,
        Self::Approver,
        Self::FormReader,
        Self::FormManager,
    ];
}
