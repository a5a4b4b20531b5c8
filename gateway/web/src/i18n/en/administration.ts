export const administration = {
  groups: { people: "People", work: "Work", oversight: "Oversight" },
  sections: {
    members: "Members",
    invitations: "Invitations",
    roles: "Roles",
    departments: "Departments",
    awards: "Awards",
    forms: "Forms",
    catalogs: "Catalogs",
    bots: "Bots",
    history: "History",
    nodes: "Servers",
  },
  goTo: (section: string) => `Administration: ${section}`,
  closed: "There is nothing for you to administer",
  closedHint: "Whoever manages people in your organisation can give you the right to.",
};
