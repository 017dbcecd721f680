using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>
/// Puts names in the place of sentinels, and takes the queries of ephemeral models in as common table
/// expressions. Expects references that exist and form no cycle.
/// </summary>
/// <param name="places">Where every node lives.</param>
/// <param name="ephemerals">The queries of the ephemeral models.</param>
internal sealed class SqlLinker(
    IReadOnlyDictionary<string, NodePlace> places,
    IReadOnlyDictionary<string, SlottedSql> ephemerals,
    IReadOnlyDictionary<string, string> names
)
{
    private const string CtePrefix = "__ephemeral__";

    /// <summary>The query as a reader on a connection must write it.</summary>
    public CompiledSql Link(SlottedSql sql, string connection, SqlDialect dialect)
    {
        var reader = new Reader(connection, dialect);
        var text = TextFor(sql);
        var references = ImmutableArray.CreateBuilder<RelationReference>();
        var inlined = new List<(string Id, SourceOrigin Origin)>();
        Gather(sql, inlined, []);
        if (inlined.Count > 0)
            AppendWithInlined(sql, inlined, reader, text, references);
        else
            AppendRange(sql, 0, sql.Text.Length, null, reader, text, references);
        var (linked, map) = text.Build();
        return new CompiledSql(linked, map, references.ToImmutable());
    }

    /// <summary>The text of something that is no query of its own, such as a hook.</summary>
    public string LinkText(SlottedSql sql, string connection, SqlDialect dialect)
    {
        var text = TextFor(sql);
        AppendRange(
            sql,
            0,
            sql.Text.Length,
            null,
            new Reader(connection, dialect),
            text,
            ImmutableArray.CreateBuilder<RelationReference>()
        );
        return text.Build().Text;
    }

    // names are about as long as the calls that they stand for; each cuts a piece in two
    private static MappedTextBuilder TextFor(SlottedSql sql) =>
        new(sql.Text.Length + (sql.Slots.Length * 16), sql.Map.Segments.Length + (sql.Slots.Length * 2));

    // depth first, so that what an ephemeral model reads stands before it
    private void Gather(SlottedSql sql, List<(string Id, SourceOrigin Origin)> inlined, HashSet<string> seen)
    {
        foreach (var slot in sql.Reads)
        {
            if (slot.NodeId is not { } id || !ephemerals.TryGetValue(id, out var inner) || !seen.Add(id))
                continue;
            Gather(inner, inlined, seen);
            inlined.Add((id, slot.Origin));
        }
    }

    private void AppendWithInlined(
        SlottedSql sql,
        List<(string Id, SourceOrigin Origin)> inlined,
        Reader reader,
        MappedTextBuilder text,
        ImmutableArray<RelationReference>.Builder references
    )
    {
        var list = SqlShape.FindWithList(sql.Text);
        var split = list >= 0 ? list : Math.Max(SqlShape.FindStart(sql.Text), 0);
        AppendRange(sql, 0, split, null, reader, text, references);
        var first = inlined[0].Origin;
        text.Append(list >= 0 ? " " : "with ", first);
        for (var i = 0; i < inlined.Count; i++)
        {
            var (id, origin) = inlined[i];
            var inner = ephemerals[id];
            text.Append($"{(i > 0 ? ",\n" : "")}{CteName(id, reader)} as (\n", origin);
            AppendRange(inner, 0, inner.Text.Length, origin, reader, text, references);
            text.Append("\n)", origin);
        }
        text.Append(list >= 0 ? "," : "\n", first);
        AppendRange(sql, split, sql.Text.Length, null, reader, text, references);
    }

    private void AppendRange(
        SlottedSql sql,
        int start,
        int end,
        SourceOrigin? caller,
        Reader reader,
        MappedTextBuilder text,
        ImmutableArray<RelationReference>.Builder references
    )
    {
        var copied = start;
        var comments = CommentedSlots.Find(sql.Text);
        for (
            var at = RelationSentinel.IndexOfAny(sql.Text, start);
            at >= 0 && at < end;
            at = RelationSentinel.IndexOfAny(sql.Text, copied)
        )
        {
            text.Append(sql.Text, sql.Map, TextSpan.FromBounds(copied, at), caller);
            copied = at + 1;
            if (
                !RelationSentinel.TryRead(sql.Text, at, out var number, out var length)
                || number >= sql.Slots.Length
            )
                continue;
            copied = at + length;
            AppendRelation(
                sql,
                sql.Slots[number],
                at,
                copied,
                comments.Contains(at),
                reader,
                text,
                references
            );
        }
        text.Append(sql.Text, sql.Map, TextSpan.FromBounds(copied, end), caller);
    }

    private void AppendRelation(
        SlottedSql sql,
        RelationSlot slot,
        int start,
        int end,
        bool isInComment,
        Reader reader,
        MappedTextBuilder text,
        ImmutableArray<RelationReference>.Builder references
    )
    {
        if (slot.NodeId is not { } id)
            return;
        var isInlined = ephemerals.ContainsKey(id);
        var name = isInlined
            ? InlinedName(sql, id, end, reader)
            : places[id].NameFor(reader.Connection, reader.Dialect);
        if (isInComment)
            name = CommentedSlots.OneLine(name);
        if (!isInlined)
            references.Add(
                new RelationReference(
                    slot.Kind,
                    id,
                    new TextSpan(text.Length, name.Length),
                    slot.Origin.Span,
                    slot.IsWhole,
                    isInComment
                )
            );
        text.Append(name, sql.Map.Find(start) ?? slot.Origin);
    }

    /// <summary>What stands for an ephemeral model whose reference ends at an offset.</summary>
    private string InlinedName(SlottedSql sql, string id, int end, Reader reader)
    {
        var alias = reader.Dialect.QuoteIdentifier(names[id]);
        if (SqlShape.IsQualifier(sql.Text, end))
            return alias;
        return SqlShape.HasAlias(sql.Text, end) ? CteName(id, reader) : $"{CteName(id, reader)} as {alias}";
    }

    private string CteName(string id, Reader reader) =>
        reader.Dialect.QuoteIdentifier(
            Identifiers.Fit(CtePrefix + names[id], reader.Dialect.MaxIdentifierBytes)
        );

    private readonly record struct Reader(string Connection, SqlDialect Dialect);
}
