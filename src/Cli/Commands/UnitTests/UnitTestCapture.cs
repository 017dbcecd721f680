using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Planning;
using Strata.Runner.UnitTests.Capture;

namespace Strata.Cli.Commands.UnitTests;

/// <summary>
/// Makes a unit test of real rows. What is expected is what the model gives for the masked rows, found by running the
/// very test that is written; so it passes at once.
/// </summary>
internal sealed class UnitTestCapture(CommandContext context, ProjectFlags flags, UnitTestCaptureFlags own)
{
    private const string MaskVariable = "STRATA_MASK_KEY";
    private const int DefaultLimit = 10;

    public async Task<int> RunAsync(string modelName)
    {
        var limit = context.Get(own.Limit) ?? DefaultLimit;
        if (limit < 1)
            return context.Fail(CommandLineDiagnostics.InvalidValue("--limit", "must be 1 or more"));
        if (context.Get(own.Name) is { } chosen && !CapturedFiles.CanBeCalled(chosen))
            return context.Fail(
                CommandLineDiagnostics.InvalidValue(
                    "--name",
                    $"'{chosen}' cannot be the name of a unit test",
                    "use letters, digits, '_' and '-', 100 bytes at most: files get this name"
                )
            );
        if (
            ProjectSession.Open(context, flags, out var exitCode, warns: ProjectWarnings.None)
            is not { } project
        )
            return exitCode;
        var models = project.Manifest.Nodes.Values.OfType<ModelNode>().ToList();
        if (NodeNames.Find(models, modelName) is not { } model)
            return context.Fail(NodeNames.Unknown(models, modelName));
        var files = new CapturedFiles(
            context.ProjectFolder,
            model,
            context.Get(own.Name) ?? CapturedFiles.DefaultName(model.Name)
        );
        await using var adapters = project.OpenAdapters(context, flags);
        if (
            adapters is null
            || project.ToRunRequest(context, flags, [], RunCommand.Test, adapters) is not { } request
        )
            return ExitCode.CouldNotRun;
        var diagnostics = new DiagnosticBag();
        ImmutableArray<CapturedInput>? inputs;
        try
        {
            inputs = await new InputCapture(request, MaskKey()).ReadAsync(
                model,
                limit,
                context.Get(own.Where),
                diagnostics,
                context.Cancellation
            );
        }
        catch (EngineException e)
        {
            return context.Fail(
                e.Error.ToDiagnostic(adapters.Adapters[model.Connection].Dialect.Name, "the capture")
            );
        }
        context.Diagnostics.Print(diagnostics.ToSorted());
        if (inputs is not { } captured)
            return ExitCode.CouldNotRun;
        if (!context.Get(own.Force) && files.FindExisting(captured) is { } existing)
            return context.Fail(CommandLineDiagnostics.WouldOverwrite(existing));
        using var undo = files.Begin(captured);
        if (!await WriteAsync(files, captured, model, adapters))
            return ExitCode.ProjectFailed;
        undo.Keep();
        Tell(files, captured);
        return ExitCode.Ok;
    }

    /// <summary>Writes what is given, runs the model on it, and writes what came out as what is expected.</summary>
    private async Task<bool> WriteAsync(
        CapturedFiles files,
        ImmutableArray<CapturedInput> captured,
        ModelNode model,
        AdapterSet adapters
    )
    {
        files.WriteInputs(captured);
        files.WriteExpected("nothing\n");
        DateTimeOffset? now = null;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            files.WriteYaml(captured, now);
            if (
                ProjectSession.Open(context, flags, out _, warns: ProjectWarnings.None) is not { } project
                || project.ToRunRequest(context, flags, [], RunCommand.Test, adapters) is not { } request
            )
                return false;
            var test = project
                .Manifest.Nodes.Values.OfType<UnitTestNode>()
                .First(node => node.Name == files.Name && node.Model == model.UniqueId);
            if (test.ReadsClock)
            {
                // what the model gives today it must give tomorrow
                now = project.StartedAt;
                continue;
            }
            var (rows, problems) = await UnitTestEvaluation.RunAsync(request, test, context.Cancellation);
            context.Diagnostics.Print([.. problems]);
            if (rows is null)
                return false;
            var hidden = model.Columns.Where(column => column.Volatile).Select(column => column.Name);
            ImmutableArray<int> shown =
            [
                .. Enumerable
                    .Range(0, rows.Columns.Length)
                    .Where(i => !hidden.Contains(rows.Columns[i].Name, StringComparer.OrdinalIgnoreCase)),
            ];
            files.WriteExpected(FixtureCsv.Write(rows, shown));
            return true;
        }
        return false;
    }

    private byte[] MaskKey() =>
        context.Environment.GetValueOrDefault(MaskVariable) is { Length: > 0 } secret
            ? SHA256.HashData(Encoding.UTF8.GetBytes(secret))
            : RandomNumberGenerator.GetBytes(32);

    private void Tell(CapturedFiles files, ImmutableArray<CapturedInput> captured)
    {
        foreach (var path in files.Written(captured))
            context.Out.Write($"wrote {path}\n");
        foreach (var input in captured.Where(input => input.Masked > 0))
            context.Remark($"{input.Reference}: {Words.Count(input.Masked, "column")} masked");
        foreach (var input in captured.Where(input => input.Rows.Rows.IsEmpty))
            context.Remark($"{input.Reference}: no rows found");
        context.Remark($"'strata unit-test -s unit_test:{files.Name}' runs it");
    }
}
