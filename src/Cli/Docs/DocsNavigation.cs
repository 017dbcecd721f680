using Strata.Cli.Html;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Docs;

/// <summary>The search and the tree beside the page.</summary>
internal static class DocsNavigation
{
    // a longer tree opens where the reader is
    private const int OpenUpTo = 60;

    public static void Write(HtmlWriter page, DocsProject project)
    {
        page.Open("nav", ("aria-label", "nodes"));
        page.Open("p", ("class", "home"));
        page.Element("a", project.Manifest.ProjectName, ("href", DocsPage.LinkTo(DocsPage.Start))).Close();
        page.Open("div", ("role", "search"));
        page.Open(
            "input",
            ("id", "find"),
            ("type", "search"),
            ("placeholder", "name, column, tag, description"),
            ("aria-label", "find a node by name, column, tag or description"),
            ("autocomplete", "off"),
            ("spellcheck", "false")
        );
        page.Element("ul", null, ("id", "found"), ("hidden", "hidden")).Close();
        page.Open("div", ("id", "tree"));
        foreach (var group in project.Groups)
        {
            OpenBranch(page, group.Name, group.Nodes.Length, project.Nodes.Length <= OpenUpTo);
            foreach (var node in group.Nodes)
            {
                var kind = DocsProject.KindOf(node);
                WriteLeaf(
                    page,
                    node.UniqueId,
                    DocsProject.NameOf(node),
                    group.IsLayer && kind != "model" ? kind : null
                );
            }
            page.Close().Close();
        }
        var macros = project.Macros.ToList();
        if (macros.Count > 0)
        {
            OpenBranch(page, "macros", macros.Count, isOpen: false);
            foreach (var macro in macros)
                WriteLeaf(page, project.MacroId(macro), macro.Name, macro.IsTest ? "test" : null);
            page.Close().Close();
        }
        page.Close().Close();
    }

    private static void OpenBranch(HtmlWriter page, string name, int count, bool isOpen)
    {
        page.Open("details", ("open", isOpen ? "open" : null), ("data-group", name));
        page.Open("summary").Text(name).Text(" ");
        page.Element("span", Words.Number(count), ("class", "quiet")).Close().Open("ul");
    }

    private static void WriteLeaf(HtmlWriter page, string id, string name, string? kind)
    {
        page.Open("li").Element("a", name, ("href", DocsPage.LinkTo(id)), ("title", name));
        if (kind is not null)
            page.Text(" ").Element("span", kind, ("class", "quiet"));
        page.Close();
    }
}
