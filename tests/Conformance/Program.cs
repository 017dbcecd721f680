using Strata.Conformance;
using Strata.Conformance.Expectations;
using Strata.Conformance.Scriban;
using Strata.Conformance.Selectors;

// usage: Conformance [--verbose] <folder in the layout of shared/conformance>
ICorpus[] corpora = [new ScribanCorpus(), new SelectorCorpus(), new ExpectationCorpus()];
var isVerbose = args.Contains("--verbose");
var folder = args.FirstOrDefault(arg => !arg.StartsWith('-'));
if (folder is null || !Directory.Exists(folder))
{
    Console.Error.WriteLine(
        folder is null ? "usage: Conformance [--verbose] <folder>" : $"there is no folder '{folder}'"
    );
    return 2;
}

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, _) => cancellation.Cancel();
foreach (var corpus in corpora)
{
    var path = Path.Combine(folder, corpus.Folder);
    if (!Directory.Exists(path))
    {
        Console.WriteLine($"{corpus.Folder, -14} not in {folder}");
        continue;
    }
    CorpusReport.Write(Console.Out, corpus.Folder, [.. corpus.Run(path, cancellation.Token)], isVerbose);
}
return 0;
