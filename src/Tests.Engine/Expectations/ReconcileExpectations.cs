using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Reconciling;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>A relation against its copy, wherever that lies.</summary>
internal static class ReconcileExpectations
{
    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "reconcile",
            ExpectationTarget.Relation,
            "Another relation, on the same engine or on another, has the same rows: by counts, sums and checksums of buckets, down to the keys that differ. Both are read where they lie. Counts the keys that differ."
        )
        {
            NeedsColumns = true,
            ReadsInPlace = true,
            Parameters =
            [
                Required("to", ParameterType.Relation, "the other relation") with
                {
                    Aliases = ["compare_model"],
                },
                Optional(
                    "key",
                    ParameterType.Columns,
                    "the columns that say which rows belong together; without them whole rows are compared"
                ) with
                {
                    Aliases = ["unique_key"],
                },
                Optional(
                    "columns",
                    ParameterType.Columns,
                    "the other columns to compare; by default all that both have"
                ) with
                {
                    Aliases = ["compare_columns"],
                },
                Optional("exclude_columns", ParameterType.Texts, "columns to leave out"),
                Optional(
                    "rename",
                    ParameterType.Map,
                    "columns that have another name there: `{name_here: name_there}`"
                ),
                Optional(
                    "to_where",
                    ParameterType.Text,
                    "which rows of the other relation count, as SQL; by default those of `where`"
                ),
                Optional(
                    "digits",
                    ParameterType.Integer,
                    "how many significant digits of floating-point numbers are compared, 1 to 15",
                    15L
                ),
            ],
            Example =
                "{to: ref('customers'), key: [customer_id], rename: {customer_id: id}, exclude_columns: [id]}",
            Rule = args =>
                args.Number("digits") is < 1 or > 15
                    ? new ArgumentProblem("digits", "'digits' must be from 1 to 15")
                : args.Map("rename").Values.Any(name => name is not string)
                    ? new ArgumentProblem("rename", "'rename' maps names of columns to names of columns")
                : null,
            Fits = c => Pairs(c).Problem,
            Build = c =>
            {
                var (here, there) = Sides(c);
                var pairs =
                    Pairs(c).Pairs
                    ?? throw new InvalidOperationException(
                        "a reconciliation that does not fit is being built"
                    );
                return new ReconcileMeasure(examples => new Reconciliation(
                    pairs,
                    new SideQueries(here, pairs, true, c.Where),
                    new SideQueries(there, pairs, false, c.Args.Text("to_where") ?? c.Where),
                    new ReconcileWords(here.Label, there.Label, pairs.HasKey ? "key" : "row", pairs.LeftOut),
                    examples
                ));
            },
        },
    ];

    private static (PlacedRelation Here, PlacedRelation There) Sides(CheckContext c) =>
        (c.Place(c.Test.AttachedNode ?? ""), c.Place(c.Args.NodeId("to") ?? ""));

    private static (ColumnPairs? Pairs, ArgumentProblem? Problem) Pairs(CheckContext c)
    {
        var (here, there) = Sides(c);
        return there.Relation.Columns is null
            ? (null, new ArgumentProblem("to", $"the columns of {there.Label} are not known"))
            : ColumnPairs.Of(c.Args, here, there);
    }
}
