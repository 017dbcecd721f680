using Strata.Cli.Html;

namespace Strata.Cli.Docs;

/// <summary>
/// The page that describes a project: one long text without its script, which shows a section at a time, searches, and draws the lineage.
/// The script knows nothing but what stands in the text, so that nothing has to be masked twice.
/// </summary>
internal static class DocsPage
{
    public const string Start = "overview";

    public static string Write(DocsProject project, DateTimeOffset generatedAt, DocsSql sql) =>
        HtmlPage.Write(
            $"{project.Manifest.ProjectName}: documentation",
            "docs/docs.css",
            "docs/docs.js",
            page =>
            {
                DocsNavigation.Write(page, project);
                page.Open("main").Open("header").Element("h1", project.Manifest.ProjectName);
                page.Open("p", ("class", "facts")).Text($"target {project.Manifest.TargetName}, generated ");
                page.Element("time", HtmlPage.Instant(generatedAt)).Text($" by strata {ProductVersion.Text}");
                page.Close().Close();
                new DocsOverview(page, project).Write();
                var nodes = new DocsNode(page, project, sql);
                foreach (var node in project.Nodes)
                    nodes.Write(node);
                foreach (var macro in project.Macros)
                    nodes.Write(macro);
                page.Close();
            }
        );

    /// <summary>A link to the section of an id, which may hold any character.</summary>
    public static string LinkTo(string id) => "#" + Uri.EscapeDataString(id);
}
