namespace Strata.EndToEnd;

/// <summary>Cases that need no server: all engines are inside the process.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Cases =>
        [.. GoldenCase.Names(script => !script.NeedsPostgres && script.NeedsCorpora is null)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Case_Typed_PrintsAndLeavesWhatIsExpected(string name) => GoldenCheck.RunAsync(name);
}

/// <summary>Cases with a Postgres.</summary>
public sealed class GoldenPostgresTests
{
    public static TheoryData<string> Cases =>
        [.. GoldenCase.Names(script => script.NeedsPostgres && script.NeedsCorpora is null)];

    [PostgresTheory]
    [MemberData(nameof(Cases))]
    public Task Case_Typed_PrintsAndLeavesWhatIsExpected(string name) => GoldenCheck.RunAsync(name);
}

/// <summary>Cases on test data that is not committed.</summary>
public sealed class GoldenCorporaTests
{
    [CorporaFact("data/cdc/debezium_samples")]
    public Task DebeziumSamples_Typed_PrintAndLeaveWhatIsExpected() => GoldenCheck.RunAsync("cdc_samples");

    [CorporaFact("data/cdc/sp500_constituents_debezium")]
    public Task Constituents_Typed_PrintAndLeaveWhatIsExpected() => GoldenCheck.RunAsync("cdc_constituents");
}
