using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.UnitTests;

/// <summary>What a unit test gives rows for: resolves the names, and finds those that the model does not read.</summary>
internal sealed class UnitTestInputs(BuildContext context)
{
    public ImmutableArray<(UnitTestInput Input, UnitTestRowsDeclaration Declaration)> Find(
        ImmutableArray<UnitTestRowsDeclaration> given,
        RenderedModel model,
        DiagnosticBag diagnostics
    )
    {
        var found = ImmutableArray.CreateBuilder<(UnitTestInput, UnitTestRowsDeclaration)>();
        var seen = new HashSet<(ReferenceKind, string)>();
        foreach (var declaration in given)
        {
            if (
                declaration.Input is not { } text
                || Resolve(text.Text, text.Span, model, diagnostics) is not { } at
            )
                continue;
            if (seen.Add(at))
                found.Add((new UnitTestInput(at.Kind, at.NodeId, Words(at), null, text.Span), declaration));
            else
                diagnostics.Add(UnitTestDiagnostics.BadRows(text.Span, $"{Words(at)} is given twice"));
        }
        return found.ToImmutable();
    }

    /// <summary>Reports inputs that neither the rendered query nor the model otherwise reads.</summary>
    public void CheckRead(
        ImmutableArray<UnitTestInput> inputs,
        RenderedModel model,
        CompiledSql sql,
        bool isIncremental,
        DiagnosticBag diagnostics
    )
    {
        // a model that cannot be rendered seems to read nothing
        if (model.Full.Sql.HasErrors || diagnostics.HasErrors)
            return;
        var read = ReadBy(sql.References.Select(reference => (reference.Kind, reference.NodeId)));
        // what another rendering reads may be given without being of use
        var everRead = ReadBy(
            model.Texts.SelectMany(text => text.Slots).Select(slot => (slot.Kind, slot.NodeId ?? ""))
        );
        foreach (var input in inputs)
        {
            var key = (input.Kind, input.NodeId);
            if (read.Contains(key) || (input.Kind != ReferenceKind.This && everRead.Contains(key)))
                continue;
            // of an ephemeral model that is given, nothing is read but itself
            diagnostics.Add(
                UnitTestDiagnostics.NotRead(
                    input.Declaration,
                    input.Text,
                    model.Draft.Name,
                    !isIncremental && everRead.Contains(key),
                    [.. read.Select(Words).Distinct().Order(StringComparer.Ordinal)]
                )
            );
        }
    }

    // rows given for a relation stand for its changes, too, all of them inserted
    private static HashSet<(ReferenceKind Kind, string NodeId)> ReadBy(
        IEnumerable<(ReferenceKind Kind, string NodeId)> references
    )
    {
        var read = new HashSet<(ReferenceKind, string)>();
        foreach (var (kind, id) in references)
        {
            read.Add((kind, id));
            if (kind == ReferenceKind.Changes)
                read.Add((ReferenceKind.Ref, id));
        }
        return read;
    }

    private (ReferenceKind Kind, string NodeId)? Resolve(
        string text,
        SourceSpan span,
        RenderedModel model,
        DiagnosticBag diagnostics
    )
    {
        if (text.Trim() == "this")
            return (ReferenceKind.This, model.Draft.Id);
        const string changes = "changes";
        var isChanges = text.TrimStart().StartsWith(changes, StringComparison.Ordinal);
        var id = ReferenceText.Parse(isChanges ? "ref" + text.TrimStart()[changes.Length..] : text) switch
        {
            ("source", [var source, var table]) => context.Resolver.FindSource(
                source,
                table,
                span,
                span,
                diagnostics.Add
            ),
            ("ref", [var name]) => context.Resolver.FindRef(null, name, span, span, diagnostics.Add),
            ("ref", [var package, var name]) => context.Resolver.FindRef(
                package,
                name,
                span,
                span,
                diagnostics.Add
            ),
            _ => Unknown(text, span, diagnostics),
        };
        if (id is null)
            return null;
        return (
            isChanges ? ReferenceKind.Changes
            : id.StartsWith("source.", StringComparison.Ordinal) ? ReferenceKind.Source
            : ReferenceKind.Ref,
            id
        );
    }

    private static string? Unknown(string text, SourceSpan span, DiagnosticBag diagnostics)
    {
        diagnostics.Add(ReferenceDiagnostics.BadReference(span, text));
        return null;
    }

    private static string Words((ReferenceKind Kind, string NodeId) at)
    {
        var parts = at.NodeId.Split('.');
        return at.Kind switch
        {
            ReferenceKind.This => "this",
            ReferenceKind.Source => $"source('{parts[^2]}', '{parts[^1]}')",
            ReferenceKind.Changes => $"changes('{parts[^1]}')",
            _ => $"ref('{parts[^1]}')",
        };
    }
}
