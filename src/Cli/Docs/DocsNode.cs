using Strata.Cli.Html;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Docs;

/// <summary>The section of a node, or of a macro.</summary>
internal sealed class DocsNode(HtmlWriter page, DocsProject project, DocsSql sql)
{
    public void Write(Node node)
    {
        var name = DocsProject.NameOf(node);
        page.Open(
            "section",
            ("class", "page"),
            ("id", node.UniqueId),
            ("data-name", name),
            ("data-kind", DocsProject.KindOf(node)),
            ("data-group", project.GroupOf(node)),
            ("data-tags", node.Tags.IsEmpty ? null : string.Join(' ', node.Tags))
        );
        WriteHeading(name, DocsProject.KindOf(node), DocsProject.LayerOf(node));
        page.Element(
            "p",
            node.Description.Length > 0 ? node.Description.Trim() : "no description",
            ("class", node.Description.Length > 0 ? "description text" : "quiet")
        );
        if (node is ExposureNode { Url: { Length: > 0 } url })
            WriteLink(url);
        WriteFacts(node);
        page.Element("h3", "Lineage");
        page.Element("div", null, ("class", "lineage"), ("data-of", node.UniqueId));
        page.Open("div", ("class", "links"));
        WriteLinks("depends on", "parents", project.ParentsOf(node));
        WriteLinks("used by", "children", project.ChildrenOf(node));
        if (node is ModelNode { Macros.IsEmpty: false } caller)
            WriteMacroLinks(
                "macros",
                caller
                    .Macros.Select(macro => project.Manifest.Macros.GetValueOrDefault(macro))
                    .OfType<MacroInfo>()
            );
        page.Close();
        if (node is RelationNode relation)
            WriteColumns(relation);
        DocsTests.Write(page, project, node);
        if (node is ModelNode model)
            sql.Write(page, model);
        page.Close();
    }

    public void Write(MacroInfo macro)
    {
        page.Open(
            "section",
            ("class", "page"),
            ("id", project.MacroId(macro)),
            ("data-name", macro.Name),
            ("data-kind", "macro"),
            ("data-group", "macros")
        );
        WriteHeading(macro.Name, macro.IsTest ? "generic test" : "macro", null);
        page.Open("dl", ("class", "config"));
        WriteFact("file", macro.Definition.File.Path);
        page.Close();
        page.Open("div", ("class", "links"));
        WriteMacroLinks(
            "calls",
            macro.Calls.Select(call => project.Manifest.Macros.GetValueOrDefault(call)).OfType<MacroInfo>()
        );
        WriteMacroLinks("called by", project.CallersOf(macro));
        WriteLinks("used by", "users", project.UsersOf(macro));
        page.Close();
        page.Element("h3", "Template");
        DocsSql.WriteBlock(page, "as written", macro.Definition.Text);
        page.Close();
    }

    private void WriteHeading(string name, string kind, string? group)
    {
        page.Open("h2").Text(name).Text(" ").Element("span", kind, ("class", "badge plain"));
        if (group is not null)
            page.Text(" ").Element("span", group, ("class", "badge group"));
        page.Close();
    }

    // only what a browser opens as a page is a link
    private void WriteLink(string url)
    {
        page.Open("p");
        if (
            Uri.TryCreate(url, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        )
            page.Element("a", url, ("href", address.AbsoluteUri), ("rel", "noopener noreferrer"));
        else
            page.Element("code", url);
        page.Close();
    }

    private void WriteFacts(Node node)
    {
        page.Open("dl", ("class", "config"));
        foreach (var (name, value) in DocsFacts.Of(project, node))
            WriteFact(name, value);
        page.Close();
    }

    private void WriteFact(string name, string value) =>
        page.Open("div").Element("dt", name).Element("dd", value).Close();

    private void WriteLinks(string title, string of, IEnumerable<Node> nodes) =>
        WriteList(
            title,
            of,
            nodes.Select(node =>
                (
                    (string?)node.UniqueId,
                    DocsProject.NameOf(node),
                    node is ModelNode { ResourceType: ResourceType.Model } ? "" : DocsProject.KindOf(node)
                )
            )
        );

    private void WriteMacroLinks(string title, IEnumerable<MacroInfo> macros) =>
        WriteList(
            title,
            "macros",
            macros.Select(macro =>
                macro.IsInTheBox ? (null, macro.Name, "built in") : (project.MacroId(macro), macro.Name, "")
            )
        );

    /// <param name="links">What has no id has no section.</param>
    private void WriteList(
        string title,
        string of,
        IEnumerable<(string? Id, string Name, string Remark)> links
    )
    {
        page.Open("div").Element("h4", title).Open("ul", ("class", of));
        var isEmpty = true;
        foreach (var (id, name, remark) in links)
        {
            page.Open("li");
            if (id is null)
                page.Text(name);
            else
                page.Element("a", name, ("href", DocsPage.LinkTo(id)));
            if (remark.Length > 0)
                page.Text(" ").Element("span", remark, ("class", "quiet"));
            page.Close();
            isEmpty = false;
        }
        if (isEmpty)
            page.Element("li", "nothing", ("class", "quiet"));
        page.Close().Close();
    }

    private void WriteColumns(RelationNode node)
    {
        var columns = project.ColumnsOf(node);
        page.Element("h3", columns.IsEmpty ? "Columns" : $"Columns ({columns.Length})");
        if (project.MayHaveMore(node))
            page.Element(
                "p",
                columns.IsEmpty
                    ? "not checked: the project declares no columns, and they are not known without a database or the files"
                    : "not checked: there may be other columns, which are not known without a database or the files",
                ("class", "facts")
            );
        if (columns.IsEmpty)
            return;
        var tests = project
            .TestsOf(node)
            .Where(test => test.Column is not null && test.AttachedNode == node.UniqueId)
            .ToLookup(test => test.Column ?? "", StringComparer.OrdinalIgnoreCase);
        page.Open("div", ("class", "scroll")).Open("table", ("class", "columns")).Open("tr");
        foreach (var heading in new[] { "column", "type", "description", "tests" })
            page.Element("th", heading);
        page.Close();
        foreach (var column in columns)
        {
            page.Open("tr").Open("td").Element("code", column.Name, ("class", "column"));
            foreach (var tag in column.Declared?.Tags ?? [])
                page.Text(" ").Element("span", tag, ("class", "badge tag"));
            if (column.Declared?.Volatile == true)
                page.Text(" ")
                    .Element(
                        "span",
                        "volatile",
                        ("class", "badge plain"),
                        ("title", "carried and never compared")
                    );
            page.Close();
            page.Open("td").Element("code", column.Type).Close();
            page.Element("td", column.Description.Trim(), ("class", "text"));
            page.Open("td", ("class", "text"));
            DocsTests.WriteNames(page, tests[column.Name]);
            page.Close().Close();
        }
        page.Close().Close();
    }
}
