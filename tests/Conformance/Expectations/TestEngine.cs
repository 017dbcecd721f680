using System.Data.Common;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Reconciling;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Conformance.Expectations;

/// <summary>A real engine with a connection of its own, as the checks see it.</summary>
public abstract class TestEngine : IDisposable
{
    public abstract SqlDialect Dialect { get; }

    public abstract bool FusedChecksAreCheaper { get; }

    protected abstract DbConnection Connection { get; }

    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public List<object?[]> Query(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Runs every statement of a plan, as the runner would.</summary>
    public List<CheckVerdict> Run(CheckPlan plan) =>
        plan.Rejected.IsEmpty
            ?
            [
                .. plan.Queries.SelectMany(q => q.Evaluate(Query(q.Sql))).Select(Complete),
                .. plan.Reconciliations.Select(check => check.Judge(Reconcile(check, this), _ => false)),
            ]
            : throw new InvalidOperationException(plan.Rejected[0].Diagnostics[0].Message);

    /// <summary>Compares a relation here with one of another engine, as the runner would.</summary>
    public ReconcileReport Reconcile(PlannedCheck check, TestEngine other, int examples = 20)
    {
        var reconciliation =
            check.Reconcile(examples) ?? throw new InvalidOperationException("no reconciliation");
        while (reconciliation.Next is { } step)
            reconciliation.Answer(Query(step.Here), other.Query(step.There));
        return reconciliation.Report ?? throw new InvalidOperationException("a reconciliation without end");
    }

    private CheckVerdict Complete(CheckVerdict verdict) =>
        verdict is { Checked: null, Status: not CheckStatus.Pass, Check.CheckedSql: { } sql }
            ? verdict with
            {
                Checked = Convert.ToInt64(Query(sql)[0][0], CultureInfo.InvariantCulture),
            }
            : verdict;

    public override string ToString() => Dialect.Name;

    public void Dispose()
    {
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }
}
