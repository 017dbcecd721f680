using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Quarantine.Replaying;

/// <summary>
/// The statements that judge corrected rows again and choose those that enter. Of a merged model's rows, one enters
/// unless a row that is later in the sequence has its key: later by <c>sequence_by</c>, and where that does not tell
/// or there is none, by batch. Pure.
/// </summary>
internal sealed class ReplayScript(
    SqlDialect dialect,
    ModelNode model,
    RelationInfo target,
    StagedQuarantine quarantine,
    RelationName corrected,
    StageNames names
)
{
    private const string Passing = $"{QuarantineTable.Status} = '{RowStatus.Replayed}'";

    public RelationName Replayed { get; } = names.Replayed(model.Relation);

    private string Rows => dialect.Quote(Replayed);

    private string? Sequence => quarantine.Sequence is { } column ? dialect.QuoteIdentifier(column) : null;

    /// <param name="create">The beginning of the statement that makes the table.</param>
    /// <param name="rules">The rules, bound to the corrected rows; without any, every row passes.</param>
    public string Judge(string create, RowRules? rules)
    {
        var text = dialect.TypeName(SqlType.Text);
        var time = dialect.TypeName(SqlType.TimestampTz);
        var alias = rules?.Alias ?? "corrected";
        var fails = rules?.AnyFails ?? "false";
        string Known(string column) => $"{alias}.{column} as {column}";
        return $"""
            {create} as
            select {Ddl.Columns(dialect, quarantine.Columns.Select(c => c.Name), alias + ".")},
              {Known(QuarantineTable.Id)}, cast({rules?.Reasons(
                dialect
            ) ?? "'[]'"} as {text}) as {QuarantineTable.Reasons},
              cast(case when {fails} then '{RowStatus.Open}' else '{RowStatus.Replayed}' end as {text}) as {QuarantineTable.Status},
              {Known(QuarantineTable.Run)}, {Known(QuarantineTable.Batch)}, {Known(QuarantineTable.At)},
              case when not {fails} then cast({dialect.QuoteString(
                quarantine.Occasion.RunId
            )} as {text}) end as {QuarantineTable.ResolvedRun},
              case when not {fails} then {SplitScript.Instant(
                dialect,
                quarantine.Occasion.At
            )} else cast(null as {time}) end as {QuarantineTable.ResolvedAt},
              {Known(QuarantineTable.BeatenBy)}, {Known(QuarantineTable.Original)}, {Known(QuarantineTable.Print)}
            from {rules?.From ?? $"{dialect.Quote(corrected)} as corrected"}
            """;
    }

    /// <summary>Rows that are right and come too late.</summary>
    public IEnumerable<string> Supersede(ImmutableArray<string> key, bool hashesNullSafe)
    {
        if (!quarantine.KeysCompete || key.IsEmpty)
            yield break;
        var set = $"set {QuarantineTable.Status} = '{RowStatus.Superseded}'";
        var match = new KeyMatch(dialect, key, hashesNullSafe, 1, []);
        if (Sequence is null)
        {
            var rekeyed = HasOtherKey(key, RowAlias.Target);
            yield return $"update {Rows} as {RowAlias.Target} {set} where {RowAlias.Target}.{Passing} and {RowAlias.Target}.{QuarantineTable.BeatenBy} is not null "
                + $"and not ({rekeyed})";
            // which of the two came later is not known of a key that the row did not have then: what is published stays
            foreach (var condition in match.Conditions)
            {
                yield return $"update {Rows} as {RowAlias.Target} {set} from {dialect.Quote(model.Relation)} as {RowAlias.Batch} "
                    + $"where {RowAlias.Target}.{Passing} and ({rekeyed}) and {condition}";
            }
        }
        else
        {
            // the merge itself compares the sequence; it would take the later of two equal ones
            foreach (var condition in match.Conditions)
            {
                yield return $"""
                    update {Rows} as {RowAlias.Target} {set} from {dialect.Quote(
                        model.Relation
                    )} as {RowAlias.Batch}
                    where {RowAlias.Target}.{Passing} and {RowAlias.Target}.{QuarantineTable.BeatenBy} is not null
                      and {condition} and {RowAlias.Target}.{Sequence} is not distinct from {RowAlias.Batch}.{Sequence}
                    """;
            }
        }
        var bySequence = Sequence is null ? "" : $"{Sequence} desc nulls last, ";
        yield return $"""
            update {Rows} {set} where {QuarantineTable.Id} in (
              select {QuarantineTable.Id} from (
                select {QuarantineTable.Id}, rank() over (
                  partition by {Ddl.Columns(dialect, key)} order by {bySequence}{QuarantineTable.Batch} desc
                ) as place from {Rows} where {Passing}
              ) as ranked where place > 1
            )
            """;
    }

    /// <summary>True for a row whose key is another now than when it was diverted.</summary>
    private string HasOtherKey(ImmutableArray<string> key, string row) =>
        string.Join(
            " or ",
            key.Select(column => $"not ({QuarantineTable.IsAsItCame(dialect, row, column)})")
        );

    /// <summary>The rows that enter, in the shape of the model; a column that it got later is null in them.</summary>
    public string Batch(string create)
    {
        var columns = target.Columns.Select(column =>
        {
            var name = dialect.QuoteIdentifier(column.Name);
            return quarantine.Columns.Any(known => known.Name == column.Name)
                ? $"cast({name} as {column.Type}) as {name}"
                : $"cast(null as {column.Type}) as {name}";
        });
        return $"{create} as select {string.Join(", ", columns)} from {Rows} where {Passing}";
    }

    /// <summary>Of a cdc model: the events that enter, as its query would have given them.</summary>
    public string Events(string create)
    {
        var config = model.Config;
        string[] added =
            config.Cdc.ScdType == 2
                ? [config.History.ValidFrom, config.History.ValidTo, config.History.IsCurrent]
                : [];
        string[] others =
        [
            .. config.Cdc.SequenceBy,
            .. config.Cdc.ExceptColumns,
            FeedTables.ChangeColumn,
            FeedTables.BatchColumn,
        ];
        var columns = quarantine
            .Columns.Where(column => Has(target.Columns.Select(c => c.Name), column) || Has(others, column))
            .Where(column => !Has(added, column));
        return $"{create} as select {Ddl.Columns(dialect, columns.Select(c => c.Name))} from {Rows} where {Passing}";

        static bool Has(IEnumerable<string> names, ColumnSchema column) =>
            names.Contains(column.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>How many rows would enter that lie in none of some periods.</summary>
    public string CountOutside(PeriodRows periods) =>
        $"select count(*) from {Rows} where {Passing} and not {periods.Stand}";

    public string Count() =>
        $"select {QuarantineTable.Status}, count(*) from {Rows} group by {QuarantineTable.Status}";

    public static ImmutableArray<string> KeyOf(ModelNode model, ImmutableArray<ColumnSchema> columns) =>
        [.. model.Config.UniqueKey.Select(name => columns.Find(name)?.Name).OfType<string>()];
}
