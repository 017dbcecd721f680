using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Rows;

/// <summary>
/// What a query makes of the rows of landed files, as far as tokens tell: whether rows of several sources meet, and whether each row says in a column which
/// file it is made of.
/// </summary>
/// <param name="Joined">In a batch, a source whose rows meet those of another one, or keep or leave them out; null where none is known to.</param>
/// <param name="TellTheirFile">
/// Every row that is made of landed files is made of a row of one of them, and the column says which. False where that is not known.
/// </param>
/// <param name="MixTheirFiles">The column is known to be an aggregate: <c>max(_source_file)</c>.</param>
public sealed record FilesOfRows(RelationReference? Joined, bool TellTheirFile, bool MixTheirFiles)
{
    /// <summary>What the column with the path of a row's file is called, unless it is renamed.</summary>
    public const string FileColumn = "_source_file";

    private static readonly FilesOfRows s_unknown = new(null, false, false);

    /// <summary>Of all rows that a model may have.</summary>
    /// <param name="find">The nodes of the project.</param>
    public static FilesOfRows Of(ModelNode model, Func<string, Node?> find)
    {
        var whole = Of(model.Full, IsFiles);
        if (model.Incremental is not { } sql || sql.Text == model.Full.Text)
            return whole;
        var batch = Of(sql, IsFiles);
        return new FilesOfRows(
            batch.Joined,
            whole.TellTheirFile && batch.TellTheirFile,
            whole.MixTheirFiles || batch.MixTheirFiles
        );

        bool IsFiles(string id) => find(id) is SourceNode { Files: not null };
    }

    /// <param name="isFiles">Whether a node is a source of landed files.</param>
    public static FilesOfRows Of(CompiledSql sql, Func<string, bool> isFiles)
    {
        var files = sql
            .References.Where(reference => isFiles(reference.NodeId))
            .ToImmutableDictionary(reference => reference.Span.Start);
        return SqlTokenTree.Read(sql.Text) is { } tokens && SelectQueryParser.Parse(tokens) is { } query
            ? new FilesOfRowsReader(tokens, files).Read(query)
            : s_unknown;
    }
}

/// <summary>Follows a query from its end to the landed files that it reads.</summary>
internal sealed class FilesOfRowsReader(
    SqlTokenTree tokens,
    ImmutableDictionary<int, RelationReference> files
)
{
    private static readonly StringComparer s_names = StringComparer.OrdinalIgnoreCase;

    private readonly HashSet<int> _followed = [];
    private RelationReference? _joined;
    private bool _mixes;

    public FilesOfRows Read(SelectQuery query)
    {
        var end = Read(query, ImmutableDictionary.Create<string, Rows>(s_names));
        // what only a condition looks at: where id in (select id from ...)
        var aside = files.Where(file => !_followed.Contains(file.Key)).Select(file => file.Value).ToList();
        _joined ??= aside.Find(file => end.Sources.Count > 0 && !end.Sources.Contains(file.NodeId));
        return new FilesOfRows(_joined, end.TellTheirFile && aside.Count == 0, _mixes && !end.TellTheirFile);
    }

    /// <summary>What a query gives.</summary>
    /// <param name="Sources">The sources of landed files that its rows are made of.</param>
    private readonly record struct Rows(ImmutableHashSet<string> Sources, bool TellTheirFile)
    {
        public static readonly Rows OfNoFile = new([], true);
    }

    private Rows Read(SelectQuery query, ImmutableDictionary<string, Rows> tables)
    {
        foreach (var table in query.Tables)
        {
            // what reads itself
            tables = tables.SetItem(table.Name, Rows.OfNoFile);
            tables = tables.SetItem(
                table.Name,
                table.Query is { } inner ? Read(inner, tables) : Unknown(table.Body, tables)
            );
        }
        var all = query.Branches.Select(branch => Read(branch, tables)).ToList();
        return new Rows(
            [.. all.SelectMany(rows => rows.Sources)],
            all.TrueForAll(rows => rows.TellTheirFile)
        );
    }

    private Rows Read(SelectQuery.Branch branch, ImmutableDictionary<string, Rows> tables)
    {
        var inputs = branch
            .Inputs.Select(input => (Input: input, Rows: Read(input, tables)))
            .Where(input => input.Rows.Sources.Count > 0)
            .ToList();
        ImmutableHashSet<string> sources = [.. inputs.SelectMany(input => input.Rows.Sources)];
        if (inputs.Count == 0)
            return Rows.OfNoFile;
        if (inputs.Count > 1)
        {
            FindJoined(inputs.ConvertAll(input => input.Rows.Sources));
            return new Rows(sources, false);
        }
        var (read, rows) = inputs[0];
        return new Rows(sources, rows.TellTheirFile && !read.IsHidden && Carries(branch, read));
    }

    // rows of one source that meet each other came with one batch: the usual way to find the latest of a key
    private void FindJoined(List<ImmutableHashSet<string>> inputs)
    {
        foreach (var (one, other) in inputs.SelectMany(one => inputs.Select(other => (one, other))))
        {
            if (one.IsSubsetOf(other) || other.IsSubsetOf(one))
                continue;
            var id = other.Except(one).Order(StringComparer.Ordinal).First();
            _joined ??= files.Values.First(file => file.NodeId == id);
        }
    }

    private Rows Read(SelectQuery.Input input, ImmutableDictionary<string, Rows> tables)
    {
        if (input.Query is { } inner)
            return Read(inner, tables);
        if (input.Start < 0)
            return Unknown(input.Body, tables);
        if (files.GetValueOrDefault(input.Start) is { } file)
        {
            _followed.Add(input.Start);
            return new Rows([file.NodeId], true);
        }
        return input.Name is { } name ? tables.GetValueOrDefault(name, Rows.OfNoFile) : Rows.OfNoFile;
    }

    /// <summary>Of what cannot be followed: all that it mentions.</summary>
    private Rows Unknown(Range body, ImmutableDictionary<string, Rows> tables)
    {
        var sources = ImmutableHashSet<string>.Empty;
        for (var i = body.Start.Value; i < body.End.Value; i++)
        {
            if (files.GetValueOrDefault(tokens[i].Start) is { } file)
            {
                _followed.Add(file.Span.Start);
                sources = sources.Add(file.NodeId);
            }
            else if (tokens.IsName(i) && tables.TryGetValue(tokens.NameAt(i), out var table))
                sources = sources.Union(table.Sources);
        }
        return sources.IsEmpty ? Rows.OfNoFile : new Rows(sources, false);
    }

    /// <summary>Whether the column comes out of a select list as it is in an input.</summary>
    private bool Carries(SelectQuery.Branch branch, SelectQuery.Input input)
    {
        foreach (var item in branch.Items.Where(item => s_names.Equals(item.Name, FilesOfRows.FileColumn)))
        {
            var isCarried = IsColumnOf(item.Expression, input);
            _mixes |= !isCarried && IsAggregate(item.Expression);
            return isCarried;
        }
        return branch.Items.Any(item =>
            item.Star is { IsPlain: true } star
            && (star.Of is null || IsCalled(input, star.Of))
            && !star.Except.Contains(FilesOfRows.FileColumn, s_names)
        );
    }

    // x, t.x, s.t.x
    private bool IsColumnOf(Range expression, SelectQuery.Input input)
    {
        var (start, last) = (expression.Start.Value, expression.End.Value - 1);
        if (
            last < start
            || !tokens.IsName(last)
            || !s_names.Equals(tokens.NameAt(last), FilesOfRows.FileColumn)
        )
            return false;
        for (var i = start; i < last; i++)
        {
            if ((last - i) % 2 == 0 ? !tokens.IsName(i) : !tokens.IsSymbol(i, '.'))
                return false;
        }
        return (last - start) % 2 == 0 && (last == start || IsCalled(input, tokens.NameAt(last - 2)));
    }

    private bool IsAggregate(Range expression) =>
        tokens.Is(
            expression.Start.Value,
            "max",
            "min",
            "any_value",
            "first",
            "last",
            "arg_max",
            "arg_min",
            "string_agg",
            "mode"
        ) && tokens.IsSymbol(expression.Start.Value + 1, '(');

    private static bool IsCalled(SelectQuery.Input input, string name) =>
        s_names.Equals(input.Alias ?? input.Name, name);
}
