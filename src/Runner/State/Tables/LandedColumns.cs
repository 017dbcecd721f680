using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using static Strata.Runner.State.Tables.StateValues;

namespace Strata.Runner.State.Tables;

/// <summary>
/// The columns that the files of a source had when a node last took one in: where no file is there, nothing else says what a query over
/// them finds.
/// </summary>
/// <param name="Fields">Columns of the files; of text files all are text.</param>
/// <param name="Partitions">Columns of the folders.</param>
public sealed record LandedColumns(
    string Source,
    string Consumer,
    ImmutableArray<ColumnSchema> Fields,
    ImmutableArray<string> Partitions
)
{
    public static readonly RelationName Table = new(StateTables.Schema, "landed_columns");

    /// <summary>Not noted by the state, but taken from the table that was made of the files.</summary>
    public bool IsGuess { get; private init; }

    /// <summary>
    /// What the files will have had, where the state does not say it (it is of an earlier version, or the source has another name by now): the columns of the
    /// table, since most models pass on what they read.
    /// </summary>
    /// <param name="isText">The files are text: all their columns are.</param>
    internal static LandedColumns Guess(string source, string consumer, RelationInfo table, bool isText) =>
        new(
            source,
            consumer,
            [
                .. table
                    .Columns.Where(column => !column.Name.StartsWith('_'))
                    .Select(column => new ColumnSchema(column.Name, isText ? "varchar" : column.Type)),
            ],
            []
        )
        {
            IsGuess = true,
        };

    /// <summary>
    /// Kept in the same table, with the model itself as the source: the columns that a batch has brought in other types than its table has.
    /// </summary>
    internal static LandedColumns OfBatch(string model, ImmutableArray<ColumnSchema> cast) =>
        new(model, model, cast, []);

    /// <summary>Whether the same columns have the same types. Columns that were never noted are none.</summary>
    internal bool HasTypesOf(LandedColumns? other) =>
        Fields
            .Select(field => (field.Name.ToUpperInvariant(), field.Type))
            .ToHashSet()
            .SetEquals((other?.Fields ?? []).Select(field => (field.Name.ToUpperInvariant(), field.Type)));

    public bool IsSameAs(LandedColumns? other) =>
        other is { IsGuess: false }
        && Fields.SequenceEqual(other.Fields)
        && Partitions.SequenceEqual(other.Partitions);

    internal static string Create(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        return $"""
            create table {dialect.Quote(Table)} (
              source {text} not null, consumer {text} not null, names {text} not null, types {text} not null, partitions {text} not null
            )
            """;
    }

    internal static async Task<
        ImmutableDictionary<(string Consumer, string Source), LandedColumns>
    > ReadAsync(IStatements session, SqlDialect dialect, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            $"select source, consumer, names, types, partitions from {dialect.Quote(Table)}",
            int.MaxValue,
            cancellationToken
        );
        return rows
            .Rows.Select(row => new LandedColumns(
                Text(row[0]),
                Text(row[1]),
                [
                    .. PlainJson
                        .Texts(Text(row[2]))
                        .Zip(PlainJson.Texts(Text(row[3])), (name, type) => new ColumnSchema(name, type)),
                ],
                PlainJson.Texts(Text(row[4]))
            ))
            .ToImmutableDictionary(columns => (columns.Consumer, columns.Source));
    }

    /// <summary>The table that a node has made of its files says what columns they had: <see cref="Guess"/>.</summary>
    internal static string Forget(SqlDialect dialect, string consumer) =>
        $"delete from {dialect.Quote(Table)} where consumer = {dialect.QuoteString(consumer)}";

    /// <summary>Notes what a node has found now.</summary>
    internal static IEnumerable<string> Set(SqlDialect dialect, ImmutableArray<LandedColumns> all)
    {
        foreach (var columns in all)
        {
            yield return $"delete from {dialect.Quote(Table)} where consumer = {dialect.QuoteString(columns.Consumer)} "
                + $"and source = {dialect.QuoteString(columns.Source)}";
            yield return StateStatements.Insert(
                dialect,
                Table,
                [
                    StateStatements.Row(
                        dialect,
                        columns.Source,
                        columns.Consumer,
                        PlainJson.Of([.. columns.Fields.Select(field => field.Name)]),
                        PlainJson.Of([.. columns.Fields.Select(field => field.Type)]),
                        PlainJson.Of(columns.Partitions)
                    ),
                ]
            );
        }
    }
}
