using System.Text;
using System.Text.RegularExpressions;

namespace Strata.Architecture.Tests;

/// <summary>Pages link to each other, and to headings in each other: whatever a link names must be there.</summary>
public sealed partial class MarkdownLinkTests
{
    [Fact]
    public void Links_OfAllPages_NameAFileAndAHeading()
    {
        var pages = Directory
            .EnumerateFiles(RepositoryRoot.Path, "*.md")
            .Concat(
                Directory.EnumerateFiles(RepositoryRoot.Combine("docs"), "*.md", SearchOption.AllDirectories)
            )
            .ToList();
        var links = pages.SelectMany(LinksOf).ToList();

        links.Count.ShouldBeGreaterThan(300, "links should be found at all");
        links.Where(link => link.Anchor.Length > 0).Count().ShouldBeGreaterThan(50);
        links
            .Where(link => !Resolves(link))
            .Select(link =>
                $"{Path.GetRelativePath(RepositoryRoot.Path, link.Page)}:{link.Line}: {link.Written}"
            )
            .ShouldBeEmpty();
    }

    private static IEnumerable<Link> LinksOf(string page) =>
        from line in ProseOf(page)
        from Match match in Target().Matches(InlineCode().Replace(line.Text, ""))
        let written = match.Groups["target"].Value
        where !Scheme().IsMatch(written)
        let parts = written.Split('#', 2)
        select new Link(page, line.Number, written, parts[0], parts.Length > 1 ? parts[1] : "");

    private static bool Resolves(Link link)
    {
        var file =
            link.File.Length == 0
                ? link.Page
                : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(link.Page) ?? "", link.File));
        return Path.Exists(file) && (link.Anchor.Length == 0 || AnchorsOf(file).Contains(link.Anchor));
    }

    /// <summary>The headings as they are linked to: a repeated one gets <c>-1</c>, <c>-2</c> and so on.</summary>
    private static HashSet<string> AnchorsOf(string page) =>
        [
            .. ProseOf(page)
                .Select(line => Heading().Match(line.Text))
                .Where(match => match.Success)
                .Select(match => AnchorOf(match.Groups["text"].Value))
                .GroupBy(anchor => anchor)
                .SelectMany(same => same.Select((anchor, i) => i == 0 ? anchor : $"{anchor}-{i}")),
        ];

    private static string AnchorOf(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var c in LinkInHeading().Replace(heading, "${text}").Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
                anchor.Append(c);
            else if (c == ' ')
                anchor.Append('-');
        }
        return anchor.ToString();
    }

    /// <summary>The lines outside of fenced code.</summary>
    private static IEnumerable<(int Number, string Text)> ProseOf(string page)
    {
        var isCode = false;
        foreach (var (i, line) in File.ReadLines(page).Index())
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode)
                yield return (i + 1, line);
        }
    }

    private sealed record Link(string Page, int Line, string Written, string File, string Anchor);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Target();

    [GeneratedRegex("(`+).*?\\1")]
    private static partial Regex InlineCode();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();

    [GeneratedRegex("^#{1,6} +(?<text>.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkInHeading();
}
