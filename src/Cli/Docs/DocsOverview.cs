using Strata.Cli.Html;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Docs;

/// <summary>The first page: how large the project is, how it hangs together, who reads it, and how well it is described.</summary>
internal sealed class DocsOverview(HtmlWriter page, DocsProject project)
{
    // a drawing of more can be read by nobody
    private const int MostDrawn = 150;

    public void Write()
    {
        page.Open("section", ("class", "page"), ("id", DocsPage.Start));
        page.Element("h2", "Overview");
        if (project.Nodes.IsEmpty)
            page.Element(
                "p",
                "The project has no models, sources, seeds, snapshots or exposures yet.",
                ("class", "quiet")
            );
        WriteCounts();
        if (!project.Nodes.IsEmpty)
        {
            page.Element("h3", "Lineage", ("class", project.Nodes.Length <= MostDrawn ? "drawn" : null));
            if (project.Nodes.Length <= MostDrawn)
                page.Element("div", null, ("class", "lineage"), ("data-of", ""));
            else
                page.Element(
                    "p",
                    $"{Words.Count(project.Nodes.Length, "node")} are too many for one drawing; the page of each node draws what is around it.",
                    ("class", "quiet")
                );
        }
        WriteExposures();
        WriteCoverage();
        DocsTests.WriteTests(page, project.FreeTests, null);
        page.Close();
    }

    private void WriteCounts()
    {
        page.Open("div", ("class", "totals"));
        foreach (var group in project.Groups)
        {
            var kinds = group
                .Nodes.GroupBy(DocsProject.KindOf)
                .OrderByDescending(some => some.Count())
                .Select(some => Words.Count(some.Count(), some.Key));
            HtmlPage.WriteTile(
                page,
                Words.Number(group.Nodes.Length),
                group.IsLayer ? $"{group.Name}: {string.Join(", ", kinds)}"
                    : group.Nodes.Length == 1 ? DocsProject.KindOf(group.Nodes[0])
                    : group.Name,
                "plain",
                isNone: false
            );
        }
        Tile(project.Macros.Count(), "macro");
        Tile(project.Manifest.Nodes.Values.Count(node => node is TestNode), "test");
        Tile(project.Manifest.Nodes.Values.Count(node => node is UnitTestNode), "unit test");
        page.Close();

        void Tile(int count, string name)
        {
            if (count > 0)
                HtmlPage.WriteTile(
                    page,
                    Words.Number(count),
                    count == 1 ? name : name + "s",
                    "plain",
                    isNone: false
                );
        }
    }

    private void WriteExposures()
    {
        var exposures = project.Nodes.OfType<ExposureNode>().ToList();
        if (exposures.Count == 0)
            return;
        page.Element("h3", "Exposures").Open("div", ("class", "scroll")).Open("table").Open("tr");
        foreach (var heading in new[] { "name", "type", "owner", "description", "reads" })
            page.Element("th", heading);
        page.Close();
        foreach (var exposure in exposures)
        {
            page.Open("tr").Open("td");
            page.Element("a", exposure.Name, ("href", DocsPage.LinkTo(exposure.UniqueId))).Close();
            page.Element("td", exposure.Kind).Element("td", exposure.Owner);
            page.Element("td", exposure.Description.Trim(), ("class", "text"));
            page.Element("td", Words.Count(project.ParentsOf(exposure).Count(), "node")).Close();
        }
        page.Close().Close();
    }

    private void WriteCoverage()
    {
        var models = project.Models.ToList();
        if (models.Count == 0)
            return;
        var columns = models.SelectMany(model => project.ColumnsOf(model)).ToList();
        var undescribed = models.FindAll(model => model.Description.Length == 0);
        var untested = models.FindAll(model => !project.IsTested(model));
        page.Element("h3", "Documentation coverage").Open("div", ("class", "totals"));
        Tile(models.Count - undescribed.Count, models.Count, "models described");
        Tile(
            columns.Count(column => column.Description.Length > 0),
            columns.Count,
            "columns of models described"
        );
        Tile(models.Count - untested.Count, models.Count, "models tested");
        page.Close();
        WriteMissing("models without a description", undescribed);
        WriteMissing("models without a test", untested);

        void Tile(int done, int all, string name) =>
            HtmlPage.WriteTile(
                page,
                $"{Words.Number(done)} of {Words.Number(all)}",
                name,
                done == all ? "pass" : "warn",
                isNone: all == 0
            );
    }

    private void WriteMissing(string title, List<ModelNode> models)
    {
        if (models.Count == 0)
            return;
        page.Open("details").Open("summary").Text($"{title} ({Words.Number(models.Count)})").Close();
        page.Open("ul", ("class", "list"));
        foreach (var model in models)
        {
            page.Open("li").Element("a", model.Name, ("href", DocsPage.LinkTo(model.UniqueId))).Text(" ");
            page.Element("span", project.GroupOf(model), ("class", "quiet")).Close();
        }
        page.Close().Close();
    }
}
