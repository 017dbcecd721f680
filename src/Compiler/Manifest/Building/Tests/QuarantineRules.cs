using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Tests;

/// <summary>
/// What severity quarantine asks of a test and its node. Such a test decides which rows the node publishes, so it is
/// part of the node's definition.
/// </summary>
internal static class QuarantineRules
{
    /// <param name="isOwn">The project wrote the test itself.</param>
    public static IEnumerable<Diagnostic> Check(RelationNode subject, TestNode test, bool isOwn)
    {
        var place = test.Declaration;
        if (subject is SourceNode source)
            yield return QuarantineDiagnostics.NothingToDivert(
                place,
                $"source '{source.SourceName}.{source.Name}'",
                "write the test under the model that reads the source, or choose severity error or warn"
            );
        else if (
            subject is ModelNode
            {
                Config: { Materialized: Materialization.Cdc, Cdc.IgnoreNullUpdates: true }
            } events
        )
            yield return QuarantineDiagnostics.NothingToDivert(
                place,
                $"cdc model '{events.Name}'",
                "write the test under the model that the events come from, with a 'where' for the events that it is about",
                "whose events need not hold a whole row (ignore_null_updates)"
            );
        else if (subject is ModelNode { Config.Materialized: Materialization.Snapshot } snapshot)
            yield return QuarantineDiagnostics.NothingToDivert(
                place,
                $"snapshot '{snapshot.Name}'",
                "write the test under an incremental model with a unique_key that the snapshot reads, where the last good row stays; "
                    + "or choose severity error",
                "which would take a diverted row for a deleted one"
            );
        else if (
            subject is ModelNode { Config.Materialized: var materialized } model
            && !HasRows(materialized)
        )
            yield return QuarantineDiagnostics.NothingToDivert(
                place,
                $"{materialized.ToString().ToLowerInvariant()} '{model.Name}'",
                "materialize it as a table or incremental, or write the test under a model that is"
            );
        else if (
            subject is ModelNode { Config.Microbatch: not null } divided
            && test.Arguments.Values.Any(argument => argument.NodeId == divided.UniqueId)
        )
            yield return QuarantineDiagnostics.NothingToDivert(
                place,
                $"microbatch model '{divided.Name}'",
                "choose severity error or warn, which look at all periods",
                $"whose periods are judged one by one: '{test.TestName}' to the model itself would not see rows of other periods"
            );
        if (isOwn)
            yield return QuarantineDiagnostics.NotByRow(
                place,
                $"'{test.TestName}'",
                "use 'expect' with the condition that a good row satisfies; the project's own tests may return rows of any shape"
            );
    }

    public static Diagnostic ForQuery(SourceSpan place) =>
        QuarantineDiagnostics.NotByRow(
            place,
            "a test that is a query",
            "write 'expect' under its model, with the condition that a good row satisfies"
        );

    /// <summary>A rule that is new, changed or gone makes its node due like a change of its SQL.</summary>
    public static void AddToFingerprints(ImmutableSortedDictionary<string, Node>.Builder nodes)
    {
        var rules = nodes
            .Values.OfType<TestNode>()
            .Where(test => test.Config.Severity == TestSeverity.Quarantine)
            .ToLookup(test => test.AttachedNode ?? "");
        foreach (var group in rules.ToList())
        {
            if (nodes.GetValueOrDefault(group.Key) is not RelationNode node)
                continue;
            using var fingerprint = new Fingerprint();
            fingerprint
                .Add("node", FingerprintOf(node))
                .Add(
                    "quarantine",
                    group.Select(test => test.RuleFingerprint).Order(StringComparer.Ordinal),
                    group.Select(test => test.Fingerprint).Order(StringComparer.Ordinal)
                );
            var all = fingerprint.ComputeAll();
            nodes[group.Key] = node switch
            {
                ModelNode model => model with { Fingerprint = all.Now, FormerFingerprints = all.Earlier },
                SeedNode seed => seed with { Fingerprint = all.Now, FormerFingerprints = all.Earlier },
                _ => node,
            };
        }
    }

    private static bool HasRows(Materialization materialized) =>
        materialized is Materialization.Table or Materialization.Incremental or Materialization.Cdc;

    private static NodeFingerprint FingerprintOf(RelationNode node)
    {
        var (now, earlier) = node switch
        {
            ModelNode model => (model.Fingerprint, model.FormerFingerprints),
            SeedNode seed => (seed.Fingerprint, seed.FormerFingerprints),
            _ => ("", []),
        };
        return earlier is [var withComments, var former]
            ? new NodeFingerprint(now, withComments, former)
            : new NodeFingerprint(now, now, now);
    }
}
