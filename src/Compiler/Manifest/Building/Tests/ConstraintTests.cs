using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Tests;

/// <summary>
/// The tests that constraints come down to. No engine is asked to enforce them: what would be published is checked, which
/// means the same on all engines and for views, and a batch that breaks one changes nothing.
/// </summary>
internal sealed class ConstraintTests(TestedRelation relation, DiagnosticBag diagnostics)
{
    public IEnumerable<(ColumnDeclaration? Column, TestDeclaration Test)> All()
    {
        if (relation.Node is ModelNode { Config.ContractEnforced: false })
            return [];
        return relation
            .Constraints.SelectMany(constraint => Of(constraint, null))
            .Concat(
                relation.Columns.SelectMany(column =>
                    column.Constraints.SelectMany(constraint => Of(constraint, column))
                )
            );
    }

    private IEnumerable<(ColumnDeclaration? Column, TestDeclaration Test)> Of(
        ConstraintDeclaration constraint,
        ColumnDeclaration? column
    )
    {
        if (constraint.Type is not { } type || !IsComplete(constraint, type, column is not null))
            return [];
        var columns = column is null ? ColumnsOf(constraint) : [column];
        return type switch
        {
            ConstraintType.NotNull => NotNull(constraint, columns, ""),
            ConstraintType.Unique => [Unique(constraint, columns, "")],
            ConstraintType.PrimaryKey =>
            [
                .. NotNull(constraint, columns, "not_null"),
                Unique(constraint, columns, "unique"),
            ],
            ConstraintType.ForeignKey => ForeignKey(constraint, columns),
            ConstraintType.Check =>
            [
                (column, Test(constraint, "expect", "", ("expression", constraint.Expression))),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(constraint)),
        };
    }

    private bool IsComplete(ConstraintDeclaration constraint, ConstraintType type, bool isUnderColumn)
    {
        if (
            type == ConstraintType.ForeignKey
            && constraint is { To: null, Expression: { } sql, ToColumns.IsEmpty: true }
        )
        {
            diagnostics.Add(ContractDiagnostics.ForeignKeyNotChecked(sql.Span, isInSql: true));
            return false;
        }
        var (isCheck, isForeignKey) = (type == ConstraintType.Check, type == ConstraintType.ForeignKey);
        ImmutableArray<(string Key, SourceSpan? Place, bool IsNeeded, bool IsTaken)> keys =
        [
            ("expression", constraint.Expression?.Span, isCheck, isCheck),
            ("to", constraint.To?.Span, isForeignKey, isForeignKey),
            ("to_columns", PlaceOf(constraint.ToColumns), isForeignKey, isForeignKey),
            ("columns", PlaceOf(constraint.Columns), !isCheck && !isUnderColumn, true),
        ];
        ImmutableArray<Diagnostic> problems =
        [
            .. keys.Where(key => key.IsNeeded && key.Place is null)
                .Select(key =>
                    ContractDiagnostics.ConstraintLacks(constraint.TypeSpan, WordOf(type), key.Key)
                ),
            .. keys.Where(key => !key.IsTaken)
                .Select(key => (key.Key, key.Place))
                .Where(key => key.Place is not null)
                .Select(key =>
                    ContractDiagnostics.ConstraintTakesNo(key.Place ?? constraint.Span, WordOf(type), key.Key)
                ),
        ];
        diagnostics.AddRange(problems);
        return problems.IsEmpty;
    }

    // with a contract every column is declared, so that a name that is not there is known to be wrong
    private ImmutableArray<ColumnDeclaration> ColumnsOf(ConstraintDeclaration constraint)
    {
        var names =
            SqlDialects.Find(relation.Node.Engine)?.FoldsCase == true
                ? StringComparer.OrdinalIgnoreCase
                : StringComparer.Ordinal;
        var columns = ImmutableArray.CreateBuilder<ColumnDeclaration>(constraint.Columns.Length);
        foreach (var name in constraint.Columns)
        {
            var declared = relation.Columns.FirstOrDefault(column =>
                names.Equals(column.Name?.Text, name.Text)
            );
            if (declared is null && relation.Node is ModelNode { Config.ContractEnforced: true })
                diagnostics.Add(
                    TestDiagnostics.UnknownColumn(
                        $"the contract of model '{relation.Node.Name}'",
                        name.Span,
                        name.Text,
                        [.. relation.Columns.Select(column => column.Name?.Text).OfType<string>()]
                    )
                );
            columns.Add(declared ?? new ColumnDeclaration(name.Span) { Name = name });
        }
        return columns.ToImmutable();
    }

    private static IEnumerable<(ColumnDeclaration? Column, TestDeclaration Test)> NotNull(
        ConstraintDeclaration constraint,
        ImmutableArray<ColumnDeclaration> columns,
        string suffix
    ) =>
        columns.Select(column =>
            (
                (ColumnDeclaration?)column,
                Test(constraint, "not_null", columns.Length > 1 ? $"not_null_{column.Name?.Text}" : suffix)
            )
        );

    // a key of several columns that is null in part equals no other, as in SQL
    private static (ColumnDeclaration? Column, TestDeclaration Test) Unique(
        ConstraintDeclaration constraint,
        ImmutableArray<ColumnDeclaration> columns,
        string suffix
    ) =>
        columns is [var only]
            ? (only, Test(constraint, "unique", suffix))
            : (
                null,
                Test(
                    constraint,
                    "expect_compound_columns_to_be_unique",
                    suffix,
                    ("column_list", new YamlSequence([.. constraint.Columns], constraint.Columns[0].Span)),
                    ("ignore_row_if", YamlScalar.Plain("any_value_is_missing", constraint.TypeSpan))
                )
            );

    private IEnumerable<(ColumnDeclaration? Column, TestDeclaration Test)> ForeignKey(
        ConstraintDeclaration constraint,
        ImmutableArray<ColumnDeclaration> columns
    )
    {
        if (columns.Length != 1 || constraint.ToColumns.Length != 1)
        {
            diagnostics.Add(ContractDiagnostics.ForeignKeyNotChecked(constraint.TypeSpan, isInSql: false));
            return [];
        }
        return
        [
            (
                columns[0],
                Test(
                    constraint,
                    "relationships",
                    "",
                    ("to", constraint.To),
                    ("field", constraint.ToColumns[0])
                )
            ),
        ];
    }

    private static TestDeclaration Test(
        ConstraintDeclaration constraint,
        string expectation,
        string suffix,
        params ReadOnlySpan<(string Name, YamlNode? Value)> arguments
    )
    {
        var entries = ImmutableArray.CreateBuilder<YamlMapping.Entry>();
        foreach (var (key, value) in arguments)
        {
            if (value is not null)
                entries.Add(new YamlMapping.Entry(YamlScalar.Plain(key, value.Span), value));
        }
        return new TestDeclaration(YamlScalar.Plain(expectation, constraint.TypeSpan), constraint.TypeSpan)
        {
            CustomName = constraint.Name?.Text is { } name
                ? suffix.Length > 0
                    ? $"{name}_{suffix}"
                    : name
                : null,
            Arguments = entries.ToImmutable(),
            Written = entries.ToImmutable(),
        };
    }

    private static SourceSpan? PlaceOf(ImmutableArray<YamlScalar> names) =>
        names.IsEmpty ? null : names[0].Span;

    private static string WordOf(ConstraintType type) =>
        type switch
        {
            ConstraintType.NotNull => "not_null",
            ConstraintType.Unique => "unique",
            ConstraintType.PrimaryKey => "primary_key",
            ConstraintType.ForeignKey => "foreign_key",
            _ => "check",
        };
}
