using System.Collections.Immutable;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Tests;

/// <summary>A node and what YAML says must be true of it.</summary>
/// <param name="File">The YAML file.</param>
internal sealed record TestedRelation(
    RelationNode Node,
    ImmutableArray<ColumnDeclaration> Columns,
    ImmutableArray<TestDeclaration> Tests,
    ImmutableArray<ConstraintDeclaration> Constraints,
    SourceText File
)
{
    /// <summary>The folders of the file.</summary>
    public ImmutableArray<string> Folders { get; } = DraftCollector.FoldersOf(File);

    public static TestedRelation Of(RelationNode node, RelationDeclaration patch) =>
        new(node, patch.Columns, patch.Tests, patch.Constraints, patch.Span.File);

    public static TestedRelation Of(RelationNode node, SourceDraft draft) =>
        new(node, draft.Table.Columns, draft.Table.Tests, draft.Table.Constraints, draft.Declaration.File);
}
