using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Models;
using Strata.Compiler.Manifest.Models;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>Whether a contract says what can be held against a relation.</summary>
internal static class ContractChecks
{
    public static void Check(RenderedModel model, DiagnosticBag diagnostics)
    {
        var config = model.Settings.Config;
        if (config.ContractEnforced != true)
            return;
        var (name, place) = (model.Draft.Name, model.Draft.Patch?.Span ?? model.Draft.Declaration);
        if (
            config
            is not { Materialized: Materialization.Table or Materialization.View }
                and not {
                    Materialized: Materialization.Incremental,
                    IncrementalStrategy: not IncrementalStrategy.Microbatch,
                }
        )
            diagnostics.Add(ContractDiagnostics.NotForThis(place, name));
        var columns = model.Draft.Patch?.Columns ?? [];
        if (columns.IsEmpty)
            diagnostics.Add(ContractDiagnostics.NoColumns(place, name));
        foreach (var column in columns)
        {
            if (column is { DataType: null, Name: { } declared })
                diagnostics.Add(ContractDiagnostics.NoType(declared.Span, name, declared.Text));
        }
    }
}
