using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.Commands.Quarantine;

public sealed class QuarantineShowCommand : QuarantineModelCommand
{
    private const int DefaultLimit = 10;

    private readonly QuarantineLandedFlags _landed = new();
    private readonly Flag<int?> _limit = new(
        FlagGroup.Output,
        "--limit",
        null,
        "n",
        "how many rows at most; 0 for all (default: 10)"
    )
    {
        Least = 0,
    };
    private readonly Flag<string?> _output = new(
        FlagGroup.Output,
        "--output",
        "-o",
        "format",
        "table, json or csv (default: table)"
    )
    {
        Choices = ["table", "json", "csv"],
    };
    private readonly Flag<bool> _unmask = new(
        FlagGroup.Output,
        "--unmask",
        null,
        null,
        "show the values of columns that are tagged pii, too"
    )
    {
        EnvironmentVariable = null,
    };

    public QuarantineShowCommand()
        : base("show", "the rows of one model, each with its reasons") =>
        AddAll(_landed.All, [_limit, _output, _unmask], Project.Reading);

    public override string Details =>
        "Prints the diverted rows that are still open. As csv, they make a file that 'replay --from' takes once the values are "
        + "corrected. Columns that are tagged pii are left out of csv, and masked in the other formats.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata quarantine show orders", "the first ten rows"),
            new(
                "strata quarantine show orders --limit 0 -o csv > fix.csv",
                "all rows of one model, into a file"
            ),
            new("strata quarantine show people --landed", "what landed files lost: path, line, reason, text"),
        ];

    private protected override Diagnostic? Refuse(CommandContext context) => _landed.Refuse(context, Which);

    private protected override Task<int> RunAsync(CommandContext context, QuarantinedNode of, LockWait wait)
    {
        var landed = _landed.Of(context, of);
        var limit = context.Get(_limit) ?? DefaultLimit;
        var format = context.Get(_output) switch
        {
            "json" => RowSetFormat.Json,
            "csv" => RowSetFormat.Csv,
            _ => RowSetFormat.Table,
        };
        return _landed.AreGiven(context)
            ? landed.ShowAsync(limit, format)
            : new QuarantineRows(context, of, landed).ShowAsync(limit, format, context.Get(_unmask));
    }
}
