using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;

namespace Strata.Runner.Quarantine.Splitting;

/// <summary>Where and when a batch is split.</summary>
/// <param name="NodeId">Part of every row's id.</param>
public sealed record SplitOccasion(string NodeId, string RunId, long BatchId, DateTimeOffset At);

/// <summary>
/// The statements that part the rows of a stage: failing ones move to a table of their own with all that must be known of
/// them, and those that were corrected or dropped before are recognised. Pure.
/// </summary>
/// <param name="stage">The stage, as rows came from the node's query.</param>
/// <param name="rules">The rules, bound to the stage.</param>
/// <param name="ofTheRun">Columns that are others in every run, though the row is the same.</param>
/// <param name="diverted">Where failing rows go.</param>
internal sealed class SplitScript(
    SqlDialect dialect,
    StagedRelation stage,
    RowRules rules,
    RunDependent ofTheRun,
    RelationName diverted,
    SplitOccasion occasion
)
{
    public const string Address = "_strata_address";

    // a name that no node has
    private const string SettledAlias = QuarantineTable.Prefix + "settled";

    private const string SettledPrint = SettledAlias + "." + QuarantineTable.Print;

    private const string Earlier = QuarantineTable.Prefix + "earlier";

    /// <summary>What tells of the batch that a landed row came with.</summary>
    public static readonly ImmutableArray<string> LandingMarks = ["_ingested_at", "_batch_id"];

    private static readonly string[] Position = ["_source_file", "_source_row"];

    private string Columns => Ddl.Columns(dialect, stage.Columns.Select(column => column.Name));

    private string Stage => dialect.Quote(stage.Physical);

    private string Diverted => dialect.Quote(diverted);

    private bool HasPosition => HasPositions(stage);

    /// <summary>By what a row is told from others.</summary>
    private IEnumerable<ColumnSchema> Lasting() => stage.Columns.Where(c => !IsOne(ofTheRun.Columns, c.Name));

    /// <summary>What does not count where a row's place tells that it is the same one: what says when it came.</summary>
    private bool IsPassing(string name) =>
        !ofTheRun.Keys.Contains(name)
        && (IsOne(ofTheRun.OfAPlace, name) || LandingMarks.Contains(name) || name == FeedTables.BatchColumn);

    // of two columns of a name the engine calls the second one 'name_1', and which one is of the run is not known
    private bool IsOne(ImmutableHashSet<string> names, string name) =>
        names.Contains(name) && Count(name) == 1 && Count($"{name}_1") == 0;

    private int Count(string name) =>
        stage.Columns.Count(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Columns that a rule looks at, that tell no row from another, and in which rows of one build may differ.
    /// </summary>
    private ImmutableArray<string> Judged() =>
        [
            .. stage
                .Columns.Select(column => column.Name)
                .Where(name =>
                    IsOne(ofTheRun.Columns, name)
                    && !ofTheRun.Constant.Contains(name)
                    && rules.Rules.Any(rule => ColumnMentions.Reads(rule.Fails, name))
                ),
        ];

    /// <summary>The columns that corrected rows have as the rows come now, unless somebody has corrected them, too.</summary>
    public ImmutableArray<string> Refreshed =>
        [
            .. stage
                .Columns.Select(column => column.Name)
                .Where(name => IsOne(ofTheRun.Columns, name) || IsPassing(name)),
        ];

    public static bool HasPositions(StagedRelation stage) =>
        Position.All(name => stage.Columns.Any(column => column.Name == name));

    // a subquery that refers to the row around it would take a JSON column of the name for it
    private string IsDiverted(string known, string status) =>
        $"{known}.{QuarantineTable.Id} in (select {QuarantineTable.Id} from {Diverted} "
        + $"where {QuarantineTable.Status} = '{status}')";

    /// <param name="create">The beginning of the statement that makes the table.</param>
    /// <param name="known">
    /// The quarantine table, where equal rows of other batches count as other rows: without a key and a source position
    /// nothing else tells them apart. Else null.
    /// </param>
    /// <param name="rereads">True for rows of the stage that were read before; null where none was.</param>
    /// <param name="settled">
    /// The prints of rows that were corrected or dropped, each once, if there are any: such rows are taken out whether or not they fail today, to be recognised.
    /// </param>
    public string Divert(string create, RelationName? known, string? rereads, RelationName? settled)
    {
        var text = dialect.TypeName(SqlType.Text);
        var big = dialect.TypeName(SqlType.BigInt);
        var time = dialect.TypeName(SqlType.TimestampTz);
        var at = Instant(dialect, occasion.At);
        var (met, orSettled) = settled is { } prints
            ? (
                $" left join {Settled(prints)}",
                $" or ({rules.Judged ?? "true"} and {SettledPrint} is not null)"
            )
            : ("", "");
        // equal rows of one place are the same row
        var told = rereads is null ? "failing.is_placed" : $"failing.is_placed or {rereads}";
        var (earlier, counted) = known is { } table
            ? (
                $" + case when {told} then 0 else coalesce(earlier.{Earlier}, 0) end",
                $"\nleft join (select {QuarantineTable.Print}, count(*) as {Earlier} from {dialect.Quote(table)} group by {QuarantineTable.Print}) "
                    + $"as earlier on earlier.{QuarantineTable.Print} = failing.print"
            )
            : ("", "");
        return $"""
            {create} as
            select {Ddl.Columns(dialect, stage.Columns.Select(c => c.Name), "strata_row.")},
              substr(md5(concat_ws('|', {dialect.QuoteString(occasion.NodeId)}, failing.print,
                {(HasPosition ? "failing.lasting, " : "")}cast(row_number() over (partition by failing.print{(HasPosition ? ", failing.lasting" : "")} order by {Order}){earlier} as {text}))), 1, 16)
                as {QuarantineTable.Id},
              cast(failing.reasons as {text}) as {QuarantineTable.Reasons},
              cast('{RowStatus.Open}' as {text}) as {QuarantineTable.Status},
              cast({dialect.QuoteString(occasion.RunId)} as {text}) as {QuarantineTable.Run},
              cast({occasion.BatchId.ToString(
                CultureInfo.InvariantCulture
            )} as {big}) as {QuarantineTable.Batch},
              {at} as {QuarantineTable.At},
              cast(null as {text}) as {QuarantineTable.ResolvedRun}, cast(null as {time}) as {QuarantineTable.ResolvedAt},
              cast(null as {big}) as {QuarantineTable.BeatenBy},
              cast(to_json(strata_row) as {text}) as {QuarantineTable.Original},
              failing.print as {QuarantineTable.Print}, failing.address as {Address}
            from (
              select {rules.Alias}.{dialect.RowAddress} as address, {rules.Reasons(dialect)} as reasons,
                {Print()} as print, {Content(stage.Columns)} as content, {IsPlaced} as is_placed{Came}{(
                HasPosition ? $", {LastingContent} as lasting" : ""
            )}
              from {rules.From}{met} where {rules.AnyFails}{orSettled}
            ) as failing
            join {Stage} as strata_row on strata_row.{dialect.RowAddress} = failing.address{counted}
            """;
    }

    /// <summary>A query for a row of the stage that may be one of those that were corrected or dropped.</summary>
    public string FindSettled(RelationName settled) =>
        $"select 1 from {rules.From} join {Settled(settled)} where {rules.Judged ?? "true"} limit 1";

    // joined, not `in (...)`: beside an `or` Postgres would look each row up one by one, once the prints are more than its work_mem holds
    private string Settled(RelationName settled) =>
        $"{dialect.Quote(settled)} as {SettledAlias} on {SettledPrint} = {Print()}";

    /// <summary>
    /// Where all rows are read anew by other columns, rows of no place keep their ids by the key of the node: they have the same key, and the same in all
    /// columns that they had before. Null where rows have places, or no key.
    /// </summary>
    public string? KeepIdsByKey(RelationName known, ImmutableArray<string> key)
    {
        ImmutableArray<string> columns = [.. Lasting().Select(column => column.Name)];
        if (HasPosition || key.IsEmpty || !key.All(columns.Contains))
            return null;
        var id = QuarantineTable.Id;
        var same = QuarantineTable.IsSameRow(
            dialect,
            [.. columns.Except(key)],
            "__strata_known_row",
            "__strata_fresh_row"
        );
        var keys = key.Select(column =>
            $"{QuarantineTable.Was(dialect, "__strata_known_row", column)} = {QuarantineTable.Was(dialect, "__strata_fresh_row", column)}"
        );
        return $"""
            update {Diverted} as __strata_coming_row set {id} = pair.known_id
            from (
              select __strata_fresh_row.{Address} as address, __strata_known_row.{id} as known_id,
                row_number() over (partition by __strata_fresh_row.{Address} order by __strata_known_row.{id}) as of_row,
                row_number() over (partition by __strata_known_row.{id} order by __strata_fresh_row.{Address}) as of_known
              from {Diverted} as __strata_fresh_row
              join {dialect.Quote(known)} as __strata_known_row on {string.Join(" and ", keys)}
              where {same}
                and not exists (select 1 from {dialect.Quote(
                known
            )} as __strata_gone_row where __strata_gone_row.{id} = __strata_fresh_row.{id})
                and not exists (select 1 from {Diverted} as __strata_other_row where __strata_other_row.{id} = __strata_known_row.{id})
            ) as pair
            where pair.of_row = 1 and pair.of_known = 1 and __strata_coming_row.{Address} = pair.address
            """;
    }

    public string DeleteFromStage() =>
        $"delete from {Stage} where {dialect.RowAddress} in (select {Address} from {Diverted})";

    /// <summary>
    /// Rows of the quarantine that come again with other columns, or whose ids an earlier version made, keep their ids: they stand in the
    /// same place of a file, and have what they had. Null where rows have no places.
    /// </summary>
    public string? KeepIds(RelationName known)
    {
        if (!HasPosition)
            return null;
        var (id, print, original) = (QuarantineTable.Id, QuarantineTable.Print, QuarantineTable.Original);
        var quarantine = dialect.Quote(known);
        var placed = string.Join(" and ", Position.Select(place => $"{place} is not null"));
        ImmutableArray<string> compared =
        [
            .. stage
                .Columns.Select(column => column.Name)
                .Where(name => !IsPassing(name) && !Position.Contains(name)),
        ];
        var same = QuarantineTable.IsSameRow(dialect, compared, "__strata_known_row", "__strata_fresh_row");
        // of equal rows the first is the first, and no row is two
        string Nth(string row) =>
            $"partition by {string.Join(", ", compared.Select(column => QuarantineTable.Was(dialect, row, column)).Prepend($"{row}.{print}"))}";
        return $"""
            update {Diverted} as __strata_coming_row set {id} = pair.known_id
            from (
              select __strata_fresh_row.{Address} as address, __strata_known_row.{id} as known_id,
                row_number() over (partition by __strata_fresh_row.{Address} order by __strata_known_row.{id}) as of_row,
                row_number() over (partition by __strata_known_row.{id} order by __strata_fresh_row.{Address}) as of_known
              from (
                select __strata_coming_row.{Address}, __strata_coming_row.{print}, __strata_coming_row.{original},
                  row_number() over ({Nth("__strata_coming_row")} order by __strata_coming_row.{Address}) as nth
                from {Diverted} as __strata_coming_row where {placed}
                  and not exists (select 1 from {quarantine} as __strata_gone_row where __strata_gone_row.{id} = __strata_coming_row.{id})
              ) as __strata_fresh_row
              join (
                select __strata_gone_row.{id}, __strata_gone_row.{print}, __strata_gone_row.{original}, row_number() over ({Nth(
                "__strata_gone_row"
            )} order by __strata_gone_row.{id}) as nth
                from {quarantine} as __strata_gone_row where {print} in (select {print} from {Diverted})
                  and not exists (select 1 from {Diverted} as __strata_coming_row where __strata_coming_row.{id} = __strata_gone_row.{id})
              ) as __strata_known_row on __strata_known_row.{print} = __strata_fresh_row.{print} and __strata_known_row.nth = __strata_fresh_row.nth
              where {same}
            ) as pair
            where pair.of_row = 1 and pair.of_known = 1 and __strata_coming_row.{Address} = pair.address
            """;
    }

    /// <summary>
    /// Rows that pass, and look like some that were corrected or dropped, but have other values where a rule looks: what would be a good row is not taken for the
    /// bad one. A place in a file says that it is the same row all the same. They go back into the stage.
    /// </summary>
    /// <returns>Null where there can be none; the first statement tells how many there are.</returns>
    public (string Return, string Forget)? ReturnDoubtful(RelationName known, ImmutableArray<string> statuses)
    {
        var judged = Judged();
        if (judged.IsEmpty)
            return null;
        var (id, list) = (QuarantineTable.Id, string.Join(", ", statuses.Select(dialect.QuoteString)));
        var placed = HasPosition
            ? string.Join(" and ", Position.Select(place => $"__strata_fresh_row.{place} is not null"))
            : "false";
        var doubtful = $"""
            {Address} in (
              select __strata_fresh_row.{Address} from {Diverted} as __strata_fresh_row join {dialect.Quote(known)} as __strata_known_row on __strata_known_row.{id} = __strata_fresh_row.{id}
              where __strata_fresh_row.{QuarantineTable.Reasons} = '{RowRules.NoReasons}' and not ({placed})
                and __strata_known_row.{QuarantineTable.Status} in ({list}) and not ({QuarantineTable.HasSameValues(
                  dialect,
                  judged,
                  "__strata_known_row",
                  "__strata_fresh_row"
              )})
            )
            """;
        return (
            $"insert into {Stage} ({Columns}) select {Columns} from {Diverted} where {doubtful}",
            $"delete from {Diverted} where {doubtful}"
        );
    }

    /// <summary>Corrected rows get what the same rows have now in columns that are of the run, unless these were corrected.</summary>
    /// <param name="copy">A copy of the corrected rows.</param>
    public string Refresh(RelationName copy) =>
        $"""
            update {dialect.Quote(copy)} as __strata_known_row set {QuarantineTable.AsItComes(
                dialect,
                stage.Columns,
                Refreshed
            )}
            from {Diverted} as __strata_fresh_row where __strata_fresh_row.{QuarantineTable.Id} = __strata_known_row.{QuarantineTable.Id}
            """;

    /// <summary>How many rows that somebody has corrected are not among those that came.</summary>
    /// <param name="diverted">Whether any rows were looked at one by one.</param>
    public static string CountUnused(
        SqlDialect dialect,
        StagedQuarantine quarantine,
        RelationName copy,
        RelationName? diverted
    )
    {
        var met = diverted is { } rows
            ? $" and not exists (select 1 from {dialect.Quote(rows)} as __strata_met_row where __strata_met_row.{QuarantineTable.Id} = __strata_known_row.{QuarantineTable.Id})"
            : "";
        return $"select count(*) from {dialect.Quote(copy)} as __strata_known_row where __strata_known_row.{QuarantineTable.Status} = '{RowStatus.Open}'"
            + $" and {QuarantineTable.IsCorrected(dialect, "__strata_known_row", quarantine.Columns)}{met}";
    }

    /// <summary>Rows that somebody dropped stay dropped.</summary>
    public string RecogniseDropped(RelationName known) =>
        $"""
            update {Diverted} set {QuarantineTable.Status} = '{RowStatus.Dropped}' where {QuarantineTable.Id} in (
              select __strata_known_row.{QuarantineTable.Id} from {dialect.Quote(known)} as __strata_known_row
              where __strata_known_row.{QuarantineTable.Status} = '{RowStatus.Dropped}' and {IsDiverted(
                "__strata_known_row",
                RowStatus.Open
            )}
            )
            """;

    /// <summary>Rows that were corrected take the place of those that came again as they were, if they pass.</summary>
    /// <param name="corrected">The rules, bound to the corrected rows.</param>
    /// <param name="statuses">Which of them count.</param>
    /// <param name="periods">The periods of the stage, if it holds some only: rows that were corrected into others do not enter it.</param>
    /// <returns>The statement that puts them into the stage, and the one that notes it.</returns>
    public (string Enter, string Note) Reenter(
        RowRules corrected,
        ImmutableArray<string> statuses,
        PeriodRows? periods
    )
    {
        var here = periods is null ? "" : $" and {periods.Stand}";
        var list = string.Join(", ", statuses.Select(dialect.QuoteString));
        var passing =
            $"from {corrected.From} where {QuarantineTable.Status} in ({list}) and not {corrected.AnyFails}";
        return (
            $"""
            insert into {Stage} ({Columns})
            select {string.Join(", ", stage.Columns.Select(Value))} from (
              select {corrected.Alias}.* {passing}{here} and {IsDiverted(corrected.Alias, RowStatus.Open)}
            ) as __strata_known_row
            join {Diverted} as __strata_fresh_row on __strata_fresh_row.{QuarantineTable.Id} = __strata_known_row.{QuarantineTable.Id}
            """,
            $"""
            update {Diverted} set {QuarantineTable.Status} = '{RowStatus.Replayed}'
            where {QuarantineTable.Status} = '{RowStatus.Open}' and {QuarantineTable.Id} in (
              select {corrected.Alias}.{QuarantineTable.Id} {passing} and {IsDiverted(
                corrected.Alias,
                RowStatus.Open
            )}
            )
            """
        );
    }

    /// <summary>
    /// A value as it was corrected. A column that has come since has it as the row comes now.
    /// </summary>
    private string Value(ColumnSchema column)
    {
        var name = dialect.QuoteIdentifier(column.Name);
        var isLater = QuarantineTable.IsLater(dialect, "__strata_known_row", column.Name);
        return $"case when __strata_known_row.{name} is null and {isLater} then __strata_fresh_row.{name} else __strata_known_row.{name} end";
    }

    /// <summary>Rows that pass and turned out to be none of those that were corrected or dropped go back into the stage.</summary>
    public IEnumerable<string> ReturnPassing()
    {
        var passing =
            $"{QuarantineTable.Status} = '{RowStatus.Open}' and {QuarantineTable.Reasons} = '{RowRules.NoReasons}'";
        yield return $"insert into {Stage} ({Columns}) select {Columns} from {Diverted} where {passing}";
        yield return $"delete from {Diverted} where {passing}";
    }

    /// <summary>How many rows that were corrected or dropped are not there any more, and how many failing rows were not known.</summary>
    /// <param name="rereads">Which of the quarantined rows were read again.</param>
    /// <param name="file">A column: rows that have gone and rows that are new count where they are of one file; null where all rows are compared.</param>
    public string CountStrangers(RelationName known, string rereads, string? file)
    {
        var (id, status, quarantine) = (QuarantineTable.Id, QuarantineTable.Status, dialect.Quote(known));
        var isGone =
            $"{status} in ('{RowStatus.Replayed}', '{RowStatus.Dropped}') and ({rereads}) "
            + $"and not exists (select 1 from {Diverted} as __strata_coming_row where __strata_coming_row.{id} = __strata_gone_row.{id})";
        var isNew =
            $"{status} = '{RowStatus.Open}' "
            + $"and not exists (select 1 from {quarantine} as __strata_gone_row where __strata_gone_row.{id} = __strata_coming_row.{id})";
        var (ofNew, ofGone) = file is null
            ? ("", "")
            : (
                $" and {file} in (select {file} from {Diverted} as __strata_coming_row where {isNew})",
                $" and {file} in (select {file} from {quarantine} as __strata_gone_row where {isGone})"
            );
        return $"""
            select
              (select count(*) from {quarantine} as __strata_gone_row where {isGone}{ofNew}),
              (select count(*) from {Diverted} as __strata_coming_row where {isNew}{ofGone})
            """;
    }

    public string CountByReasons() =>
        $"""
            select {QuarantineTable.Status}, {QuarantineTable.Reasons}, count(*) from {Diverted}
            group by {QuarantineTable.Status}, {QuarantineTable.Reasons}
            """;

    public static string Instant(SqlDialect dialect, DateTimeOffset at)
    {
        var text = at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture);
        return $"cast({dialect.QuoteString(text)} as {dialect.TypeName(SqlType.TimestampTz)})";
    }

    /// <summary>By what a row is known again: its place in a file; of a row of none, what it holds.</summary>
    private string Print() =>
        HasPosition
            ? $"case when {IsPlaced} then concat_ws(':', {string.Join(", ", Places)}) else {LastingContent} end"
            : LastingContent;

    private string LastingContent
    {
        get
        {
            ImmutableArray<ColumnSchema> lasting = [.. Lasting()];
            return Content(lasting.IsEmpty ? stage.Columns : lasting);
        }
    }

    private bool HasCome => stage.Columns.Any(column => column.Name == FeedTables.BatchColumn);

    private string Came => HasCome ? $", {rules.Alias}.{FeedTables.BatchColumn} as came" : "";

    /// <summary>
    /// Of equal rows the one that came first is the first; but those that fail are counted before those that pass, which were not counted when the
    /// others were.
    /// </summary>
    private string Order =>
        $"case when failing.reasons = '{RowRules.NoReasons}' then 1 else 0 end, "
        + (HasCome ? "failing.came, failing.content" : "failing.content");

    /// <summary>Whether a row has a place in a file.</summary>
    private string IsPlaced =>
        HasPosition ? $"({string.Join(" and ", Places.Select(place => $"{place} is not null"))})" : "false";

    private IEnumerable<string> Places =>
        Position.Select(column => $"{rules.Alias}.{dialect.QuoteIdentifier(column)}");

    private string Content(ImmutableArray<ColumnSchema> columns)
    {
        var values = string.Join(", ", columns.Select(Printed));
        return $"md5(cast(row({values}) as {dialect.TypeName(SqlType.Text)}))";
    }

    // what is an insert in one reading of an upstream is an update in another: it depends on how its rows came
    private string Printed(ColumnSchema column)
    {
        var name = $"{rules.Alias}.{dialect.QuoteIdentifier(column.Name)}";
        return column.Name == FeedTables.ChangeColumn
            ? $"case when {name} = 'delete' then {name} else 'write' end"
            : name;
    }
}
