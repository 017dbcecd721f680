using Strata.Cli.Html;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;

namespace Strata.Cli.Docs;

/// <summary>The SQL of nodes, folded in: as it is written, and as it is compiled.</summary>
/// <param name="show">The text of a compiled query.</param>
internal sealed class DocsSql(DocsProject project, Func<Node, CompiledSql, string> show, DocsSecrets secrets)
{
    /// <summary>In characters: a query that is longer is cut, because browsers have to hold all of them.</summary>
    private const int Longest = 200_000;

    public void Write(HtmlWriter page, ModelNode model)
    {
        page.Element("h3", "SQL");
        WriteBlock(page, "as written", model.Source.Text);
        if (model.IsRenderedAtRun)
            page.Element(
                "p",
                "This model queries its database while it is rendered: the compiled SQL is without the results, which a build fills in.",
                ("class", "facts")
            );
        WriteBlock(page, "compiled", Compiled(model, model.Full));
        if (model.Incremental is { } incremental && incremental.Text != model.Full.Text)
            WriteBlock(page, "compiled, incremental", Compiled(model, incremental));
    }

    public static void WriteBlock(HtmlWriter page, string title, string sql)
    {
        var text = sql.Trim('\n', '\r');
        page.Open("details", ("class", "sql"));
        page.Element("summary", title);
        page.Open("pre").Element("code", text.Length > Longest ? text[..Longest] : text).Close();
        if (text.Length > Longest)
            page.Element(
                "p",
                $"cut: {Words.Number(text.Length)} characters, of which the first {Words.Number(Longest)} are shown",
                ("class", "facts")
            );
        page.Close();
    }

    private string Compiled(ModelNode model, CompiledSql sql) =>
        secrets.Mask(project.Manifest, model, show(model, sql));
}
