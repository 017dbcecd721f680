using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Strata.Cli;

namespace Strata.EndToEnd;

/// <summary>One case, executed in a temporary folder.</summary>
internal sealed class CaseRun(GoldenCase golden)
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<(string Text, string Word)> _words = [];
    private readonly StringBuilder _stdout = new();
    private readonly StringBuilder _stderr = new();
    private readonly Dictionary<string, string> _files = [];

    /// <returns>What must be compared, by path relative to the case.</returns>
    public async Task<IReadOnlyDictionary<string, string>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        using var postgres = golden.Script.NeedsPostgres ? new PostgresDatabase() : null;
        using var other = new OtherProcess();
        // a fixed name, because init makes the project's name from it
        var project = folder.Combine("shop");
        golden.CopyProjectTo(project);
        _words.Add((project, "<project>"));
        _words.Add((folder.Path, "<folder>"));
        if (postgres is not null)
        {
            foreach (var (name, value) in postgres.Environment)
                _environment[name] = value;
            _words.Add((postgres.Name, "<database>"));
            _words.Add(($":{postgres.Server.Port}", ":<port>"));
            _words.Add(($"port {postgres.Server.Port}", "port <port>"));
        }
        if (golden.Script.NeedsCorpora is not null)
        {
            _environment["STRATA_CORPORA"] = Corpora.Root;
            _words.Add((Corpora.Root, "{corpora}"));
        }
        foreach (var step in golden.Script.Steps)
            await RunAsync(step, project, postgres, other);

        var words = new Normalization(_words);
        _files["stdout.txt"] = _stdout.ToString();
        _files["stderr.txt"] = _stderr.ToString();
        return _files.ToDictionary(file => file.Key, file => words.Apply(file.Value));
    }

    private async Task RunAsync(CaseStep step, string project, PostgresDatabase? postgres, OtherProcess other)
    {
        var words = step.Words;
        switch (words[0])
        {
            case "strata":
                await StrataAsync(step, project);
                break;
            case "write":
                Directory.CreateDirectory(Path.GetDirectoryName(In(words[1]))!);
                File.WriteAllText(In(words[1]), step.Text ?? "");
                break;
            case "append":
                File.AppendAllText(In(words[1]), step.Text ?? "");
                break;
            case "copy":
                GoldenCase.CopyEntry(In(words[1].Replace("{corpora}", Corpora.Root)), In(words[2]));
                break;
            case "remove":
                if (Directory.Exists(In(words[1])))
                    Directory.Delete(In(words[1]), recursive: true);
                else
                    File.Delete(In(words[1]));
                break;
            case "set":
                var pair = words[1].Split('=', 2);
                _environment[pair[0]] = pair[1];
                break;
            case "closed-port":
                _environment[words[1]] = ClosedPort();
                break;
            case "start":
                await other.StartAsync([.. words.Skip(2)], project, _environment);
                break;
            case "stop":
                other.Kill();
                break;
            case "csv" when words[2] == "postgres":
                _files[$"tables/{words[1]}.csv"] = await TableDump.PostgresAsync(postgres!, Rest(step, 3));
                break;
            case "csv":
                _files[$"tables/{words[1]}.csv"] = await TableDump.DuckDbAsync(In(words[3]), Rest(step, 4));
                break;
            case "keep" when words[1] == "compiled":
                KeepCompiled(In("target/compiled"));
                break;
            default:
                throw new FormatException($"{golden.Folder}/cmd: what is '{step.Typed}'?");
        }

        string In(string path) => Path.Combine(project, path);
    }

    private async Task StrataAsync(CaseStep step, string project)
    {
        string[] args = [.. step.Words.Skip(1)];
        var (exitCode, stdout, stderr) = StrataProgram.Given is null
            ? await InsideAsync(args, project)
            : await OutsideAsync(args, project);
        _stdout.Append($"$ {step.Typed}\n{stdout}[exit {exitCode}]\n\n");
        _stderr.Append($"$ {step.Typed}\n{stderr}\n");
    }

    private async Task<(int ExitCode, string Out, string Error)> InsideAsync(string[] args, string project)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var exitCode = await Program.RunAsync(
            args,
            new CliHost
            {
                Out = stdout,
                Error = stderr,
                Environment = new Dictionary<string, string>(_environment),
                WorkingDirectory = project,
                Terminal = new TerminalFacts(IsLive: false, Width: 80, OutColour: false, ErrorColour: false),
            }
        );
        return (exitCode, stdout.ToString(), stderr.ToString());
    }

    private async Task<(int ExitCode, string Out, string Error)> OutsideAsync(string[] args, string project)
    {
        var start = StrataProgram.Start(project, args);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("STRATA_")).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        start.Environment["COLUMNS"] = "80";
        using var process =
            Process.Start(start) ?? throw new InvalidOperationException("strata did not start");
        var stdout = process.StandardOutput.ReadToEndAsync();
        var stderr = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await stdout, await stderr);
    }

    // the query as it was typed, quotes and all
    private static string Rest(CaseStep step, int words)
    {
        var rest = step.Typed;
        for (var i = 0; i < words; i++)
            rest = rest[(rest.IndexOf(' ') + 1)..].TrimStart();
        return rest;
    }

    private void KeepCompiled(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            _files[$"compiled/{Path.GetRelativePath(folder, file).Replace('\\', '/')}"] = File.ReadAllText(
                file
            );
    }

    private string ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString();
        _words.Add(($":{port}", ":<port>"));
        _words.Add(($"port {port}", "port <port>"));
        return port;
    }
}
