using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.Proving.Replaying;
using Strata.Runner.Proving.Schedules;

namespace Strata.Runner.Proving.Inputs;

/// <summary>
/// Landed files, delivered again into a landing zone of their own: the rows of a file that come with one batch are one
/// file there. Files that cannot be cut at their line ends are delivered whole.
/// </summary>
internal sealed class FilesInput : ProofInput
{
    private readonly ImmutableArray<Part> _parts;
    private readonly FilePattern _pattern;
    private readonly string _folder;
    private readonly string _root;

    private FilesInput(SourceNode source, FilesConfig config, string folder, ImmutableArray<Part> parts)
        : base(source)
    {
        _parts = parts;
        _folder = folder;
        _pattern = new FilePattern(config.Path);
        _root = _pattern.Root;
        Nodes = [source with { Connection = ScratchProject.Connection, Files = config }];
    }

    public override int Count => _parts.Length;

    public override string Unit => _parts.Any(part => part.Line is null) ? "file" : "row";

    public override string From => Unit == "file" ? "landed files, each delivered whole" : "landed files";

    public override ImmutableArray<Node> Nodes { get; }

    /// <param name="folder">What stands for the project's folder.</param>
    public static FilesInput Create(LandingZone zone, FilesConfig config, string folder, int rows, bool grows)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        config = config with { Path = InParts(config.Path) };
        var root = new FilePattern(config.Path).Root;
        foreach (var file in zone.Files)
        {
            if (parts.Count >= rows)
                break;
            var relative = Path.IsPathRooted(file.Path)
                ? file.Path[(root.Length + 1)..]
                : Path.GetRelativePath(root.Length == 0 ? "." : root, file.Path);
            parts.AddRange(PartsOf(file, relative.Replace('\\', '/'), config).Take(rows - parts.Count));
        }
        // a landing zone outside of the project is one inside of the scratch folder
        var path =
            Path.IsPathRooted(config.Path) || config.Path.Contains("..", StringComparison.Ordinal)
                ? $"landing/{zone.Source.Name}/{config.Path[(root.Length + 1)..]}"
                : config.Path;
        return new FilesInput(zone.Source, config with { Path = path }, folder, parts.ToImmutable())
        {
            Grows = grows,
        };
    }

    public override Task ResetAsync(ISession session, CancellationToken cancellationToken)
    {
        var landing = Path.Combine(_folder, _root);
        if (Directory.Exists(landing))
            Directory.Delete(landing, recursive: true);
        Directory.CreateDirectory(landing);
        return Task.CompletedTask;
    }

    /// <summary>One file cannot come in parts: it becomes several beside each other, as a source of many files has them.</summary>
    private static string InParts(string path)
    {
        if (!new FilePattern(path).IsSingleFile)
            return path;
        var name = Path.GetFileName(path);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return path[..^name.Length] + (dot < 0 ? $"{name}*" : $"{name[..dot]}*{name[dot..]}");
    }

    public override async Task DeliverAsync(
        ISession session,
        int batch,
        ImmutableArray<Delivery> rows,
        CancellationToken cancellationToken
    )
    {
        foreach (var group in rows.Select(one => _parts[one.Row]).GroupBy(part => part.File))
        {
            var path = Path.Combine(_folder, _root, NameIn(batch, group.Key));
            if (Path.GetDirectoryName(path) is { } parent)
                Directory.CreateDirectory(parent);
            if (group.First().Line is null)
            {
                File.Copy(group.First().FullPath, path);
                continue;
            }
            var text = new StringBuilder(group.First().Heading);
            foreach (var part in group)
                text.Append(part.Line).Append('\n');
            await File.WriteAllTextAsync(path, text.ToString(), cancellationToken);
        }
    }

    public override Task<(ImmutableArray<string>, ImmutableArray<ImmutableArray<string?>>)> ReadAsync(
        ISession session,
        ImmutableArray<Delivery> rows,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<(ImmutableArray<string>, ImmutableArray<ImmutableArray<string?>>)>(
            (
                ["file", "line"],
                [
                    .. rows.Select(one => _parts[one.Row])
                        .Select(part =>
                            ImmutableArray.Create<string?>(part.File, part.Line ?? "(all of it)")
                        ),
                ]
            )
        );

    /// <summary>A file of the batch that the source's pattern matches like the original.</summary>
    private string NameIn(int batch, string file)
    {
        var number = batch.ToString("000", CultureInfo.InvariantCulture);
        var folder = Path.GetDirectoryName(file) ?? "";
        var name = Path.GetFileName(file);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var behind = dot < 0 ? $"{name}_{number}" : $"{name[..dot]}_{number}{name[dot..]}";
        var candidate = Path.Combine(folder, behind).Replace('\\', '/');
        return _pattern.Matches(candidate)
            ? candidate
            : Path.Combine(folder, $"{number}_{name}").Replace('\\', '/');
    }

    private static IEnumerable<Part> PartsOf(LandedFile file, string relative, FilesConfig config)
    {
        if (TextOf(file, config) is not { } text)
            return [new Part(relative, file.FullPath, null, "")];
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var heading =
            config.Format == FileFormat.Csv
                ? Math.Min(config.Csv.SkipLines + (config.Csv.Header ? 1 : 0), lines.Count)
                : 0;
        var head = string.Concat(lines.Take(heading).Select(line => line + "\n"));
        return lines
            .Skip(heading)
            .Where(line => line.Trim().Length > 0)
            .Select(line => new Part(relative, file.FullPath, line, head));
    }

    /// <summary>The text of a file whose every line is a row; null for others.</summary>
    private static string? TextOf(LandedFile file, FilesConfig config)
    {
        var extension = Path.GetExtension(file.Path);
        if (
            extension.Equals(".gz", StringComparison.OrdinalIgnoreCase)
            || extension.Equals(".zst", StringComparison.OrdinalIgnoreCase)
            || config.Encoding != FileEncoding.Utf8
            || config.Format is not (FileFormat.JsonLines or FileFormat.Csv)
        )
            return null;
        var text = File.ReadAllText(file.FullPath);
        return config.Format == FileFormat.Csv && MayGoOnOverLines(text, config.Csv) ? null : text;
    }

    /// <summary>A quoted or escaped value may hold the end of a line, and lines that are comments are no rows.</summary>
    private static bool MayGoOnOverLines(string text, CsvDialect csv) =>
        csv.Comment is not null
        || csv.RowTerminator is not null
        || csv.Escape is { } escape && text.Contains(escape, StringComparison.Ordinal)
        || csv.Quote is { } quote && text.Contains(quote, StringComparison.Ordinal);

    /// <param name="File">Relative to the landing zone.</param>
    /// <param name="Line">Null where the whole file is one delivery.</param>
    private sealed record Part(string File, string FullPath, string? Line, string Heading);
}
