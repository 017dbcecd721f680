using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Docs;

/// <summary>A branch of the tree: a layer, or what lies in none, by kind.</summary>
/// <param name="Name"><c>silver</c>, <c>sources</c></param>
/// <param name="IsLayer">Whether it is a layer, which may hold several kinds.</param>
internal sealed record DocsGroup(string Name, bool IsLayer, ImmutableArray<Node> Nodes);
