using System.Diagnostics;
using System.Globalization;
using System.Text;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Bench.Templates;

/// <summary>
/// 10,000 model templates of 40 lines with 3 refs and a macro call: parsing them, and rendering them with
/// their source maps, on all processors.
/// </summary>
internal sealed class TemplateBenchmark : IBenchmark
{
    private const int Models = 10_000;
    private const double RenderBudget = 0.5;
    private const int Cores = 2;

    private const string Macros = """
        {{ func cents_to_euros(column, digits = 2) ~}}
        round({{ column }} / 100.0, {{ digits }})
        {{~ end }}
        """;

    public string Name => "templates";

    public void Run(TextWriter output)
    {
        var sources = Enumerable.Range(0, Models).Select(CreateModel).ToArray();
        var characters = sources.Sum(source => (long)source.Length);
        var scope = CreateScope();

        // the first rounds compile the code; a cold process is measured by the whole-process benchmark
        Template[] templates = [];
        var parse = Best(5, () => templates = Parse(sources));
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var length = 0L;
        Render(templates, scope, ref length);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        var render = Best(5, () => Render(templates, scope, ref length));

        Write(
            output,
            $"parse  {Models:N0} templates: {parse}, {characters / parse.Cpu / 1e6:0} MB/s and core"
        );
        Write(
            output,
            $"render {Models:N0} templates: {render}, {render.Cpu / Cores / RenderBudget:0.00}x of the budget of {RenderBudget} s on {Cores} cores, {bytes / Models:N0} bytes each"
        );
    }

    private static Time Best(int rounds, Action action)
    {
        using var process = Process.GetCurrentProcess();
        var best = new Time(double.MaxValue, double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            process.Refresh();
            var cpu = process.TotalProcessorTime;
            var start = Stopwatch.GetTimestamp();
            action();
            var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
            process.Refresh();
            best = new Time(
                Math.Min(best.Wall, wall),
                Math.Min(best.Cpu, (process.TotalProcessorTime - cpu).TotalSeconds)
            );
        }
        return best;
    }

    private static Template[] Parse(SourceText[] sources)
    {
        var templates = new Template[sources.Length];
        Parallel.For(0, sources.Length, i => templates[i] = Template.Parse(sources[i]));
        return templates;
    }

    private static void Render(Template[] templates, TemplateScope scope, ref long length)
    {
        var total = 0L;
        Parallel.ForEach(
            templates,
            template =>
            {
                var result = TemplateRenderer.Render(
                    template,
                    scope,
                    TemplateLimits.Default,
                    CancellationToken.None
                );
                if (result.HasErrors)
                    throw new InvalidOperationException(result.Diagnostics[0].Message);
                Interlocked.Add(ref total, result.Text.Length);
            }
        );
        length = total;
    }

    private static TemplateScope CreateScope()
    {
        var macros = MacroLibrary.Load([Template.Parse(new SourceText("macros/money.sql", Macros))]);
        var functions = new Dictionary<string, object?>
        {
            ["ref"] = TemplateFunction.Create(
                "ref",
                [new TemplateParameter("name")],
                call => $"\"gold\".\"{call.Text(0)}\""
            ),
            ["config"] = TemplateFunction.Create("config", [], _ => null, takesAnyName: true),
            ["is_incremental"] = false,
        };
        return TemplateScope.Create(functions, macros.ToScope());
    }

    private static SourceText CreateModel(int number)
    {
        var text = new StringBuilder();
        text.Append("{{ config materialized: \"incremental\" unique_key: [\"id\"] }}\n");
        text.Append("with orders as (\n    select * from {{ ref \"stg_orders_")
            .Append(number % 100)
            .Append("\" }}\n),\n");
        text.Append("customers as (\n    select * from {{ ref(\"stg_customers\") }}\n),\n");
        text.Append(
            "payments as (\n    select * from {{ ref \"stg_payments\" }}\n    {{~ if is_incremental ~}}\n"
        );
        text.Append("    where updated_at > (select max(updated_at) from target)\n    {{~ end ~}}\n)\n");
        text.Append("select\n    orders.id,\n    {{ cents_to_euros \"amount\" digits: 3 }} as amount,\n");
        for (var column = 0; column < 20; column++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"    coalesce(orders.column_{column}, customers.column_{column}, 0) as column_{column},\n"
            );
        }
        text.Append("    1 as one\nfrom orders\njoin customers on customers.id = orders.customer_id\n");
        text.Append("join payments on payments.order_id = orders.id\n");
        return new SourceText($"models/model_{number}.sql", text.ToString());
    }

    private static void Write(TextWriter output, FormattableString line) =>
        output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>The best of several rounds. On a busy machine the time on the processors says more than the clock.</summary>
    private readonly record struct Time(double Wall, double Cpu)
    {
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Wall:0.000} s by the clock, {Cpu:0.000} s of processors"
            );
    }
}
