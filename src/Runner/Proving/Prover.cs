using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Proving.Inputs;
using Strata.Runner.Proving.Replaying;
using Strata.Runner.Statements;

namespace Strata.Runner.Proving;

/// <summary>
/// Tries whether a model that grows depends on how its rows arrive: replays it in memory with its inputs split,
/// shuffled, late and repeated, and compares every end with one full build over the same rows.
/// </summary>
public static class Prover
{
    /// <param name="folder">A folder that does not exist yet, for landed files; removed at the end.</param>
    /// <exception cref="EngineException">A connection that the rows come from cannot be reached.</exception>
    public static async Task<ProofResult> ProveAsync(
        RunRequest request,
        ModelNode model,
        ProofOptions options,
        string folder,
        CancellationToken cancellationToken
    )
    {
        if (request.OpenEmbedded is not { } open)
            return NotProven(model, "there is no engine to replay it on");
        using var scope = StatementScope.Enter(model.UniqueId);
        await using var scratch = await Scratch.OpenAsync(request, open, folder, cancellationToken);
        var pool = new RowPool(request, model, options, scratch);
        ImmutableArray<ProofInput> inputs;
        string? problem;
        try
        {
            (inputs, problem) = await pool.LoadAsync(cancellationToken);
        }
        catch (EngineException e) when (e.Error.Kind != EngineErrorKind.Connection)
        {
            return NotProven(
                model,
                "its rows cannot be brought here",
                e.Error.ToDiagnostic(
                    request.Adapters[model.Connection].Dialect.Name,
                    "reading its inputs",
                    model.Declaration
                )
            );
        }
        catch (NodeFailedException e)
        {
            return NotProven(model, "the rows that its unit test gives do not fit", e.Diagnostics[0]);
        }
        if (problem is not null)
            return NotProven(model, problem);
        return await new Proof(scratch, request.Manifest, model, inputs, pool.LeftOut, options).RunAsync(
            cancellationToken
        );
    }

    internal static ProofResult NotProven(ModelNode model, string reason, Diagnostic? because = null) =>
        new()
        {
            Model = model,
            Status = ProofStatus.NotProven,
            Diagnostic = ProveDiagnostics.NotProven(model.Declaration, model.Name, reason, because),
        };
}
