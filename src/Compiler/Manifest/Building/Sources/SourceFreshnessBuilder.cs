using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Sources;

/// <summary>Puts together what a source, its configuration and its table say of how old rows may be.</summary>
internal static class SourceFreshnessBuilder
{
    /// <returns>Null where nobody is to look: there is no limit, or <c>freshness: null</c> takes it away.</returns>
    public static FreshnessConfig? Build(
        SourceDraft draft,
        SourceSettings settings,
        DiagnosticBag diagnostics
    )
    {
        var (table, source) = (draft.Table, draft.Source);
        FreshnessDeclaration? merged = null;
        foreach (var more in new[] { source.Freshness, settings.Freshness, table.Freshness })
            merged = more?.Over(merged is { IsOff: true } ? null : merged) ?? merged;
        if (merged is null or { IsOff: true } or { WarnAfter: null, ErrorAfter: null })
            return null;

        // the nearest place that says when rows were loaded says it alone
        var (field, query) = new[]
        {
            (table.LoadedAt, table.LoadedAtQuery),
            (settings.LoadedAt, settings.LoadedAtQuery),
            (source.LoadedAt, source.LoadedAtQuery),
        }.FirstOrDefault(place => place is not (null, null));
        var name = $"{draft.SourceName}.{draft.Name}";
        if (field is not null && query is not null)
            diagnostics.Add(FreshnessDiagnostics.FieldAndQuery(query.Span, name));
        else if (field is null && query is null && table.Files is null)
            diagnostics.Add(FreshnessDiagnostics.NoLoadedAt(merged.Span, name));
        if (query is not null && merged.Filter is not null)
            diagnostics.Add(
                FreshnessDiagnostics.UselessFilter(
                    merged.Span,
                    name,
                    "what its loaded_at_query returns",
                    "write the condition into the query"
                )
            );
        if (merged is { Filter: not null } && field is null && query is null && table.Files is not null)
            diagnostics.Add(
                FreshnessDiagnostics.UselessFilter(
                    merged.Span,
                    name,
                    "its files",
                    "with 'loaded_at_field' it looks at rows"
                )
            );
        if (query is not null && LoadedAtQueryText.FindUnknown(query.Text) is { } unknown)
            diagnostics.Add(FreshnessDiagnostics.TemplateInQuery(query.Span, unknown));
        // a limit that could not be read is none
        if (
            merged is { WarnAfter: { } warn, ErrorAfter: { } error }
            && warn.Length >= error.Length
            && !diagnostics.ToSorted().Any(found => found.IsError && IsWithin(found.Span, merged.Span))
        )
            diagnostics.Add(FreshnessDiagnostics.NeverWarns(merged.Span, name, warn, error));
        // what many tables share says nothing of one of them
        var declared = table.Freshness?.Span ?? draft.Declaration;
        return new FreshnessConfig(merged.WarnAfter, merged.ErrorAfter, declared)
        {
            LoadedAt = field,
            LoadedAtQuery = query?.Text,
            Filter = merged.Filter,
        };
    }

    private static bool IsWithin(SourceSpan? inner, SourceSpan outer) =>
        inner is { } span
        && span.File.Path == outer.File.Path
        && span.Span.Start >= outer.Span.Start
        && span.Span.End <= outer.Span.End;
}
