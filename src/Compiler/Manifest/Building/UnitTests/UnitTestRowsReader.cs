using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;
using Strata.Compiler.Text.Csv;

namespace Strata.Compiler.Manifest.Building.UnitTests;

/// <summary>Reads rows as a unit test writes them: maps, csv or a query, in place or in a file of tests/fixtures.</summary>
internal sealed class UnitTestRowsReader(BuildContext context)
{
    /// <param name="binding">The tested model, for the templates of queries.</param>
    /// <returns>Null when no rows are written, or after reporting.</returns>
    public UnitTestRows? Read(
        UnitTestRowsDeclaration declaration,
        NodeBinding binding,
        DiagnosticBag diagnostics
    )
    {
        if (declaration is { Rows: { } both, Fixture: not null })
        {
            diagnostics.Add(
                UnitTestDiagnostics.BadRows(
                    both.Span,
                    "rows are written here and in a fixture",
                    "leave one out"
                )
            );
            return null;
        }
        if (declaration.Fixture is { } fixture)
            return ReadFixture(fixture, declaration.Format, binding, diagnostics);
        return declaration.Rows is { } rows ? ReadHere(rows, declaration, binding, diagnostics) : null;
    }

    private static UnitTestRows? ReadMaps(YamlNode rows, SourceSpan declaration, DiagnosticBag diagnostics)
    {
        var sequence = rows switch
        {
            YamlSequence some => some,
            YamlScalar { IsNull: true } => new YamlSequence([], rows.Span),
            _ => null,
        };
        if (sequence is null)
        {
            diagnostics.Add(
                UnitTestDiagnostics.BadRows(
                    rows.Span,
                    $"rows are a list of maps, not {rows.Kind}",
                    rows is YamlScalar ? "add 'format: csv' or 'format: sql' if that is what it is" : null
                )
            );
            return null;
        }
        var columns = ImmutableArray.CreateBuilder<UnitTestColumn>();
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var maps = new List<YamlMapping>();
        foreach (var item in sequence.Items)
        {
            if (item is not YamlMapping map)
            {
                diagnostics.Add(
                    UnitTestDiagnostics.BadRows(
                        item.Span,
                        $"a row is a map of columns to values, not {item.Kind}",
                        "write { column: value }"
                    )
                );
                continue;
            }
            maps.Add(map);
            foreach (var entry in map.Entries)
            {
                if (places.TryAdd(entry.Key.Text, columns.Count))
                    columns.Add(new UnitTestColumn(entry.Key.Text, entry.Key.Span));
            }
        }
        return new UnitTestRows(declaration)
        {
            Columns = columns.ToImmutable(),
            Rows = [.. maps.Select(map => Cells(map, columns, places))],
        };
    }

    // a column that a row leaves out is null there
    private static ImmutableArray<UnitTestCell> Cells(
        YamlMapping map,
        IReadOnlyCollection<UnitTestColumn> columns,
        Dictionary<string, int> places
    )
    {
        var cells = new UnitTestCell[columns.Count];
        Array.Fill(cells, new UnitTestCell(null, null, false, map.Span));
        foreach (var entry in map.Entries)
            cells[places[entry.Key.Text]] = entry.Value switch
            {
                YamlScalar { IsNull: true } => new UnitTestCell(null, null, false, entry.Value.Span),
                YamlScalar scalar => new UnitTestCell(
                    scalar.Value,
                    scalar.Text,
                    !scalar.IsPlain,
                    scalar.Span
                ),
                var other => new UnitTestCell(other.ToValue(), other.Span.Text, false, other.Span),
            };
        return [.. cells];
    }

    private static UnitTestRows? ReadCsv(
        SourceText text,
        Func<TextSpan, SourceSpan> placeOf,
        SourceSpan declaration,
        DiagnosticBag diagnostics
    )
    {
        var reader = new CsvReader(text, ',');
        if (reader.Read() is not { } header)
        {
            Report(reader.Problem?.Span ?? default, reader.Problem?.Problem ?? "it has no header");
            return null;
        }
        var columns = header.Select(field => new UnitTestColumn(
            (field.Value ?? "").Trim(),
            placeOf(field.Span)
        ));
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var isGood = true;
        foreach (var field in header)
        {
            if (string.IsNullOrWhiteSpace(field.Value) || !names.Add(field.Value.Trim()))
                Report(
                    field.Span,
                    field.Value is null ? "a column has no name" : "a column stands twice in the header"
                );
        }
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<UnitTestCell>>();
        while (reader.Read() is { } row)
        {
            if (row.Length == header.Length)
                rows.Add([.. row.Select(Cell)]);
            else
                Report(
                    row[Math.Min(row.Length, header.Length) - 1].Span,
                    $"{(row.Length == 1 ? "1 field" : $"{row.Length} fields")} in a table of {header.Length} columns"
                );
        }
        if (reader.Problem is { } problem)
            Report(problem.Span, problem.Problem);
        return isGood
            ? new UnitTestRows(declaration) { Columns = [.. columns], Rows = rows.ToImmutable() }
            : null;

        // blanks around a value are for the eye, unless it is quoted
        UnitTestCell Cell(CsvField field)
        {
            var isQuoted = text.Text.AsSpan(field.Span.Start, field.Span.Length).StartsWith("\"");
            var value =
                isQuoted ? field.Value
                : field.Value?.Trim() is { Length: > 0 } trimmed ? trimmed
                : null;
            return new UnitTestCell(value, value, isQuoted, placeOf(field.Span));
        }

        void Report(TextSpan span, string what)
        {
            isGood = false;
            diagnostics.Add(UnitTestDiagnostics.BadRows(placeOf(span), $"the csv cannot be read: {what}"));
        }
    }

    private UnitTestRows? ReadHere(
        YamlNode rows,
        UnitTestRowsDeclaration declaration,
        NodeBinding binding,
        DiagnosticBag diagnostics
    )
    {
        if (declaration.Format == UnitTestFormat.Dict)
            return ReadMaps(rows, declaration.Span, diagnostics);
        if (rows is not YamlScalar { IsNull: false } scalar)
        {
            diagnostics.Add(
                UnitTestDiagnostics.BadRows(
                    rows.Span,
                    $"rows in {Word(declaration.Format)} are text, not {rows.Kind}",
                    "begin it with 'rows: |'"
                )
            );
            return null;
        }
        if (declaration.Format == UnitTestFormat.Sql)
            return Query(
                context.Renderer.Render(scalar, binding, diagnostics),
                binding,
                scalar.Span,
                declaration.Span,
                diagnostics
            );
        var text = new SourceText(scalar.Span.File.Path, scalar.Text);
        var placement = new YamlPlacement(text, scalar);
        return ReadCsv(text, span => placement.Move(text.Span(span)), declaration.Span, diagnostics);
    }

    private UnitTestRows? ReadFixture(
        YamlScalar name,
        UnitTestFormat format,
        NodeBinding binding,
        DiagnosticBag diagnostics
    )
    {
        var wanted = format == UnitTestFormat.Sql;
        var bare = name.Text.EndsWith(wanted ? ".sql" : ".csv", StringComparison.OrdinalIgnoreCase)
            ? name.Text[..^4]
            : name.Text;
        // without a format the file's ending says it
        var found = context.Project.Fixtures.FirstOrDefault(file =>
            file.Name == bare && (format == UnitTestFormat.Dict || file.IsSql == wanted)
        );
        if (found is null)
        {
            var ending = wanted ? ".sql" : ".csv";
            diagnostics.Add(
                UnitTestDiagnostics.UnknownFixture(
                    name.Span,
                    bare,
                    ending,
                    [
                        .. context
                            .Project.Fixtures.Where(file => file.IsSql == wanted)
                            .Select(file => file.Name),
                    ]
                )
            );
            return null;
        }
        if (!found.IsSql)
            return ReadCsv(found.Source, found.Source.Span, name.Span, diagnostics);
        return Query(
            context.Renderer.Render(Template.Parse(found.Source), binding, diagnostics),
            binding,
            found.Source.Span(0, 0),
            name.Span,
            diagnostics
        );
    }

    private UnitTestRows? Query(
        SlottedSql sql,
        NodeBinding binding,
        SourceSpan place,
        SourceSpan declaration,
        DiagnosticBag diagnostics
    )
    {
        SqlChecks.CheckQuery(sql, "the query", place, diagnostics);
        foreach (var slot in sql.Slots)
        {
            diagnostics.Add(
                UnitTestDiagnostics.BadRows(
                    slot.Origin.Span,
                    "a query that gives rows to a unit test reads no relation of the project",
                    "write the rows out: select 1 as id union all select 2"
                )
            );
        }
        if (sql.HasErrors || !sql.Slots.IsEmpty)
            return null;
        return new UnitTestRows(declaration)
        {
            Sql = context.Linker.Link(sql, binding.Place.Connection, binding.Place.Dialect),
        };
    }

    private static string Word(UnitTestFormat format) => format.ToString().ToLowerInvariant();
}
