using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Compiler.Rendering.Introspection;

/// <summary>
/// Renders the models that ask the database something, when they are built. Pure: the caller answers the open
/// questions and calls again with all answers so far, until none are left.
/// </summary>
public interface IRunTimeRenderer
{
    /// <param name="answers">By <see cref="DatabaseQuestion.Key"/>.</param>
    RunTimeRendering Render(
        ModelNode model,
        bool isIncremental,
        ImmutableDictionary<string, DatabaseAnswer> answers
    );
}
