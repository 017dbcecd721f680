using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;
using Strata.Compiler.Text.Csv;

namespace Strata.Runner.Quarantine.Replaying;

/// <summary>
/// Reads a file of corrections: what <c>quarantine show --output csv</c> gives, with values put right. Columns of the
/// quarantine other than the id are passed over.
/// </summary>
public static class CorrectionFile
{
    public static (Corrections? Corrections, Diagnostic? Problem) Read(string file, string text)
    {
        var source = new SourceText(file, text);
        var reader = new CsvReader(source, ',');
        if (reader.Read() is not { } header)
            return Fail(reader.Problem?.Problem ?? "it is empty");
        var names = header.Select(field => (field.Value ?? "").Trim()).ToList();
        var id = names.FindIndex(name => name.Equals(QuarantineTable.Id, StringComparison.OrdinalIgnoreCase));
        if (id < 0)
            return Fail($"it has no column {QuarantineTable.Id}");
        var kept = Enumerable.Range(0, names.Count).Where(i => !QuarantineTable.IsOwn(names[i])).ToList();
        if (kept.Count == 0)
            return Fail("it has no column to correct");
        var rows = ImmutableArray.CreateBuilder<(string, ImmutableArray<CsvField>)>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() is { } row)
        {
            var line = rows.Count + 2;
            if (row.Length != names.Count)
                return Fail($"row {line} has {row.Length} fields and the header {names.Count}");
            if (row[id].Value is not { Length: > 0 } value)
                return Fail($"row {line} has no {QuarantineTable.Id}");
            if (!ids.Add(value))
                return Fail($"'{value}' stands there twice");
            rows.Add((value, [.. kept.Select(i => row[i])]));
        }
        if (reader.Problem is { } problem)
            return Fail(problem.Problem);
        return (new Corrections(source, [.. kept.Select(i => names[i])], rows.ToImmutable()), null);

        (Corrections?, Diagnostic?) Fail(string what) =>
            (null, QuarantineDiagnostics.Corrections(file, what));
    }
}
