using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Text.Csv;

namespace Strata.Runner.Seeds;

/// <summary>A seed's file as records of equal length.</summary>
internal sealed record SeedTable(
    ImmutableArray<string> Columns,
    ImmutableArray<ImmutableArray<CsvField>> Rows
)
{
    /// <summary>Reads the file; every fault in it is reported at its place.</summary>
    public static SeedTable? Read(SeedNode seed, DiagnosticBag diagnostics)
    {
        var reader = new CsvReader(seed.Source, seed.Delimiter);
        if (reader.Read() is not { } header)
        {
            Report(reader.Problem?.Span ?? default, reader.Problem?.Problem ?? "it has no header");
            return null;
        }
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in header)
        {
            if (string.IsNullOrWhiteSpace(field.Value))
                Report(field.Span, "a column has no name");
            else if (!names.Add(field.Value.Trim()))
                Report(field.Span, $"column '{field.Value.Trim()}' stands twice in the header");
        }
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<CsvField>>();
        while (reader.Read() is { } row)
        {
            if (row.Length != header.Length)
            {
                var words = row.Length == 1 ? "1 field" : $"{row.Length} fields";
                Report(
                    row[Math.Min(row.Length, header.Length) - 1].Span,
                    $"{words} in a table of {header.Length} columns"
                );
            }
            rows.Add(row);
        }
        if (reader.Problem is { } problem)
            Report(problem.Span, problem.Problem);
        return diagnostics.HasErrors
            ? null
            : new SeedTable([.. header.Select(field => (field.Value ?? "").Trim())], rows.ToImmutable());

        void Report(Compiler.Text.TextSpan span, string problem) =>
            diagnostics.Add(BuildDiagnostics.SeedSyntax(seed.Source.Span(span), seed.Name, problem));
    }
}
