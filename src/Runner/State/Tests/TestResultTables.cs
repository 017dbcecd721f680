using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.State.Tables;

namespace Strata.Runner.State.Tests;

/// <summary>The history of tests: one row for each test and run, whatever came of it, on the connection where it ran.</summary>
public static class TestResultTables
{
    public static readonly RelationName Results = new(StateTables.Schema, "test_results");

    /// <summary>The first version of the state that has it.</summary>
    internal const int Version = 3;

    internal static ImmutableArray<string> Create(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        var big = dialect.TypeName(SqlType.BigInt);
        var real = dialect.TypeName(SqlType.Double);
        var flag = dialect.TypeName(SqlType.Boolean);
        var time = dialect.TypeName(SqlType.TimestampTz);
        return
        [
            $"""
                create table {dialect.Quote(Results)} (
                  run_id {text} not null, test {text} not null, name {text} not null, node {text} not null,
                  column_name {text}, status {text} not null, failures {big}, rows_checked {big}, percent {real},
                  observed {text}, observed_number {real}, threshold {text} not null, severity {text} not null,
                  duration_us {big} not null, batch_only {flag} not null, tested_at {time} not null
                )
                """,
        ];
    }
}
