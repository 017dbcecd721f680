using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>Real deliveries, as they came: every row that their list of counts promises is taken in, and nothing else.</summary>
public sealed class RealFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static FilesConfig Files(string path, FileFormat format, params string[] columns) =>
        new(
            Corpora.PathTo($"data/{path}"),
            format,
            HivePartitions: path.Contains('=', StringComparison.Ordinal),
            [.. columns.Select(Column)]
        );

    // name:type
    private static ColumnInfo Column(string text) =>
        text.Split(':') is [var name, var type]
            ? new(name, type, "", [], Volatile: false)
            : new(text, null, "", [], Volatile: false);

    private async Task<string> TakeInAsync(FilesConfig files, string summary, int quarantined = 0)
    {
        var project = _bench
            .Project()
            .Source("landed", files)
            .Model("bronze", "select * from {landed}", Materialization.Incremental);
        var result = (await _bench.BuildAsync(project)).ShouldSucceed();
        result.Node("bronze").Rows!.Quarantined.ShouldBe(quarantined, Workbench.Text(result));
        (await _bench.QueryAsync("select count(*) from _strata.files where hash = ''")).ShouldBe(["0"]);
        return (await _bench.QueryAsync($"select {summary} from main.bronze")).Single();
    }

    [CorporaFact("data/sales/online_retail")]
    public async Task OnlineRetail_TypedByDay()
    {
        var files = Files(
            "sales/online_retail/year=*/month=*/day=*/*.csv.gz",
            FileFormat.Csv,
            "InvoiceNo:varchar",
            "StockCode:varchar",
            "Description:varchar",
            "Quantity:integer",
            "InvoiceDate:timestamp",
            "UnitPrice:decimal(12,3)",
            "CustomerID:varchar",
            "Country:varchar",
            "year:integer",
            "month:integer",
            "day:integer"
        );

        (
            await TakeInAsync(
                files,
                "count(*), count(distinct _source_file), count(*) filter (where year = 2010) > 0, max(_source_row)"
            )
        ).ShouldStartWith("516384|297|True|");
        (await _bench.QueryAsync("select count(*) from _strata.files")).ShouldBe(["297"]);
    }

    [CorporaFact("data/market/vix_daily")]
    public async Task VixDaily_WithItsRenamedHeaders()
    {
        var files = Files(
            "market/vix_daily/snapshot_date=*/*.csv.gz",
            FileFormat.Csv,
            "date",
            "open:double",
            "high:double",
            "low:double",
            "close:double",
            "snapshot_date:date"
        ) with
        {
            Aliases = new[] { "Open", "High", "Low", "Close" }.ToImmutableSortedDictionary(
                name => name.ToLowerInvariant(),
                name => ImmutableArray.Create($"VIX {name}", $"VIX{name}")
            ),
        };

        (
            await TakeInAsync(files, "count(*), count(close), count(distinct snapshot_date), count(_rescued)")
        ).ShouldBe("121705|121705|17|0");
    }

    // 21 rows lack their sector or have an unquoted comma: with the others they are the 91,053 of the list
    [CorporaFact("data/market/sp500_constituents")]
    public async Task Constituents_OfAllSchemas()
    {
        var files = Files(
            "market/sp500_constituents/snapshot_date=*/*.csv.gz",
            FileFormat.Csv,
            "Symbol",
            "Name",
            "Sector",
            "snapshot_date:date"
        ) with
        {
            Aliases = ImmutableSortedDictionary<string, ImmutableArray<string>>
                .Empty.Add("Name", ["Security", "Company"])
                .Add("Sector", ["GICS Sector"]),
        };

        (
            await TakeInAsync(
                files,
                "count(*), count(Symbol), count(Sector), count(_rescued) > 50000, count(distinct _source_file)",
                quarantined: 21
            )
        ).ShouldBe("91032|91032|91031|True|181");
        (
            await _bench.QueryAsync(
                "select _rescued->>'CIK' from main.bronze where Symbol = 'MMM' and _rescued is not null limit 1"
            )
        ).ShouldBe(["66740"]);
    }

    [CorporaFact("data/sales/adventureworks")]
    public async Task AdventureWorks_TabsWithoutHeader()
    {
        var files = Files(
            "sales/adventureworks/CurrencyRate.csv.gz",
            FileFormat.Csv,
            "id:integer",
            "at:timestamp",
            "from_code",
            "to_code",
            "average:decimal(19,4)",
            "end_of_day:decimal(19,4)",
            "modified:timestamp"
        ) with
        {
            Csv = new CsvDialect { Delimiter = "\t", Header = false },
        };

        (await TakeInAsync(files, "count(*), count(distinct id), count(modified)")).ShouldBe(
            "13532|13532|13532"
        );
    }

    [CorporaFact("data/sales/adventureworks")]
    public async Task AdventureWorks_TerminatorsOfItsOwn()
    {
        var files = Files(
            "sales/adventureworks/Store.csv.gz",
            FileFormat.Csv,
            "id:integer",
            "name",
            "person:integer",
            "survey",
            "guid:uuid",
            "modified:timestamp"
        ) with
        {
            Csv = new CsvDialect
            {
                Delimiter = "+|",
                RowTerminator = "&|\n",
                Quote = null,
                Header = false,
            },
        };

        (
            await TakeInAsync(
                files,
                "count(*), count(distinct id), min(name), count(*) filter (where survey like '<StoreSurvey%</StoreSurvey>')"
            )
        ).ShouldBe("701|701|A Bicycle Association|701");
    }

    [CorporaFact("data/external/weather")]
    public async Task Weather_WithNaForNull()
    {
        var files = Files(
            "external/weather/year=2013/month=*/*.csv.gz",
            FileFormat.Csv,
            "origin",
            "temp:double",
            "wind_gust:double",
            "pressure:double",
            "time_hour:timestamptz",
            "month:integer"
        ) with
        {
            Csv = new CsvDialect { NullTexts = ["NA"] },
        };

        var found = await TakeInAsync(
            files,
            "count(*), count(distinct month), count(time_hour), count(temp), count(wind_gust), count(pressure)"
        );
        found.ShouldBe("23971|11|23971|23970|5011|21564");
    }

    [CorporaFact("data/market/exchange_rates")]
    public async Task ExchangeRates_WithCarriageReturnsAndBlanksInNames()
    {
        var files = Files(
            "market/exchange_rates/monthly_long.csv.gz",
            FileFormat.Csv,
            "Date:date",
            "Country",
            "rate:double"
        ) with
        {
            Aliases = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add(
                "rate",
                ["Exchange rate"]
            ),
        };

        var monthly = await TakeInAsync(files, "count(*), count(rate) = count(*)");
        var wide = await ReadWideAsync();

        monthly.ShouldEndWith("|True");
        (long.Parse(monthly.Split('|')[0], null) + wide).ShouldBe(29_477);
    }

    private async Task<long> ReadWideAsync()
    {
        var project = _bench
            .Project()
            .Source("wide", Files("market/exchange_rates/daily_wide.csv.gz", FileFormat.Csv))
            .Model("wide_rows", "select * from {wide}", Materialization.Incremental);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        return long.Parse((await _bench.QueryAsync("select count(*) from main.wide_rows")).Single(), null);
    }

    [CorporaFact("data/app_logs/apache")]
    public async Task ApacheLogs_LineByLine()
    {
        var files = Files("app_logs/apache/year=*/month=*/day=*/*.gz", FileFormat.Text);

        (await TakeInAsync(files, "count(*), count(distinct day), count(distinct line)")).ShouldBe(
            "10000|4|9981"
        );
    }

    [CorporaFact("data/events/github")]
    public async Task GithubEvents_Nested()
    {
        var files = Files(
            "events/github/year=*/month=*/day=*/hour=*/*.gz",
            FileFormat.JsonLines,
            "id:bigint",
            "type",
            "actor:json",
            "created_at:timestamptz",
            "hour:integer"
        ) with
        {
            OnError = OnRowError.Quarantine,
        };

        (
            await TakeInAsync(
                files,
                "count(*), count(distinct type), count(actor->>'login'), count(created_at), count(*) filter (where _malformed)"
            )
        ).ShouldBe("15129|14|15129|15129|0");
    }

    [CorporaFact("data/travel/hotel_bookings")]
    public async Task HotelBookings_WithTextsForNull()
    {
        var files = Files(
            "travel/hotel_bookings/year=*/month=*/*.csv.gz",
            FileFormat.Csv,
            "hotel",
            "children:integer",
            "agent:integer",
            "country",
            "adr:decimal(9,2)",
            "reservation_status_date:date"
        ) with
        {
            Csv = new CsvDialect { NullTexts = ["NULL", "NA"], DateFormat = "%m/%d/%Y" },
        };

        (
            await TakeInAsync(
                files,
                "count(*), min(adr), count(reservation_status_date), count(children), count(agent), count(country)"
            )
        ).ShouldBe("115580|-6.38|115580|115576|99517|115092");
    }

    // the folders' year and month are columns of the rows, too, in other letters
    [CorporaFact("data/travel/flights")]
    public async Task Flights_WithNullsAndLists()
    {
        var files = Files(
            "travel/flights/year=*/month=*/day=*/*.jsonl.gz",
            FileFormat.JsonLines,
            "FlightDate:date",
            "Carrier",
            "Cancelled:integer",
            "CarrierDelay:integer",
            "DivAirports:json"
        );

        (
            await TakeInAsync(
                files,
                "count(*), count(distinct FlightDate), sum(Cancelled), count(CarrierDelay), count(DivAirports), count(distinct _source_file)"
            )
        ).ShouldBe("8737|28|611|1807|8737|28");
    }

    [CorporaFact("data/travel/reference")]
    public async Task Planes_WithNaForNull()
    {
        var files = Files(
            "travel/reference/planes.csv",
            FileFormat.Csv,
            "tailnum",
            "year:integer",
            "seats:integer",
            "speed:integer"
        ) with
        {
            Csv = new CsvDialect { NullTexts = ["NA"] },
        };

        (await TakeInAsync(files, "count(*), count(distinct tailnum), count(year), count(speed)")).ShouldBe(
            "3322|3322|3252|23"
        );
    }

    // held against the lines of the files: one of them has nulls that are written as NA, in its last column
    [CorporaFact("data/travel/reference")]
    public async Task AirportsAndAirlines_AsManyAsTheirLines()
    {
        var lines = await File.ReadAllLinesAsync(Corpora.PathTo("data/travel/reference/airports.csv"));
        var airports = Files(
            "travel/reference/airports.csv",
            FileFormat.Csv,
            "faa",
            "lat:double",
            "lon:double",
            "alt:integer",
            "tz:integer",
            "tzone"
        ) with
        {
            Csv = new CsvDialect { NullTexts = ["NA"] },
        };
        (
            await TakeInAsync(
                airports,
                "count(*), count(distinct faa), count(lat + lon + alt + tz), count(*) - count(tzone)"
            )
        ).ShouldBe(
            $"{lines.Length - 1}|{lines.Length - 1}|{lines.Length - 1}|{lines.Count(line => line.EndsWith(",NA", StringComparison.Ordinal))}"
        );

        await using var other = new Workbench();
        var project = other
            .Project()
            .Source("landed", Files("travel/reference/airlines.csv", FileFormat.Csv, "carrier", "name"))
            .Model("bronze", "select * from {landed}", Materialization.Incremental);
        (await other.BuildAsync(project)).ShouldSucceed();
        (
            await other.QueryAsync("select carrier || ',' || name from main.bronze order by _source_row")
        ).ShouldBe(
            (await File.ReadAllLinesAsync(Corpora.PathTo("data/travel/reference/airlines.csv"))).Skip(1)
        );
    }

    [CorporaFact("data/sales/supermarket")]
    public async Task Supermarket_AsItNamesThings()
    {
        var files = Files("sales/supermarket/*.csv.gz", FileFormat.Csv);

        (
            await TakeInAsync(files, "count(*), count(distinct \"Invoice ID\"), count(distinct Branch)")
        ).ShouldBe("1000|1000|3");
    }
}
