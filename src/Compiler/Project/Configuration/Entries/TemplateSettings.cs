using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>The entry <c>templates:</c> of strata.yml.</summary>
internal sealed record TemplateSettings
{
    public TemplateLimits Limits { get; init; } = TemplateLimits.Default;

    public static readonly YamlObject<TemplateSettings> Shape = new YamlObject<TemplateSettings>(
        "templates",
        "templates",
        _ => new TemplateSettings()
    ).Optional("limits", "What one render may use.", LimitsShape(), (t, v) => t with { Limits = v });

    private static YamlObject<TemplateLimits> LimitsShape() =>
        new YamlObject<TemplateLimits>("templates.limits", "template_limits", _ => TemplateLimits.Default)
            .Optional(
                "iterations",
                "Iterations of one outermost loop with all loops inside it; 0 for no limit.",
                YamlScalars.Integer,
                (l, v) => l with { Iterations = Count(v) }
            )
            .Optional(
                "recursion",
                "How deep functions and macros may call each other.",
                YamlScalars.Integer,
                (l, v) => l with { Recursion = Count(v) }
            )
            .Optional(
                "output_length",
                "Characters of the output and of any text made on the way; 0 for no limit.",
                YamlScalars.Integer,
                (l, v) => l with { OutputLength = Count(v) }
            )
            .Optional(
                "object_depth",
                "How deep arrays and objects may nest when they are printed.",
                YamlScalars.Integer,
                (l, v) => l with { ObjectDepth = Count(v) }
            )
            .Optional(
                "regex_time",
                "Seconds for one regular expression.",
                YamlScalars.Number,
                (l, v) => l with { RegexTime = Seconds(v) }
            )
            .Optional(
                "total_time",
                "Seconds for one render; 0 for no limit.",
                YamlScalars.Number,
                (l, v) => l with { TotalTime = Seconds(v) }
            );

    private static int Count(long value) => (int)Math.Clamp(value, 0, int.MaxValue);

    // a day is as good as no limit, and more than the timers underneath can hold is not
    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(Math.Clamp(value, 0, 86_400));
}
