using System.Collections.Immutable;

namespace Strata.Compiler.Manifest;

/// <summary>The hash of a node's definition, and what earlier versions made of the same definition.</summary>
/// <param name="WithComments">With comments and white space of its SQL.</param>
/// <param name="Former">The oldest, which held the name of the connection as well.</param>
internal readonly record struct NodeFingerprint(string Now, string WithComments, string Former)
{
    public ImmutableArray<string> Earlier => [WithComments, Former];
}
