using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Typing;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>In a struct, a list or a map of landed JSON, each value is held against its own type, as that of a column is.</summary>
public sealed class NestedJsonTests : IAsyncLifetime
{
    private const string Order =
        "struct(id integer, p decimal(10,2), d date, i struct(q integer, r decimal(5,1))[], s varchar)";

    private const string Empty = "{'id': NULL, 'p': NULL, 'd': NULL, 'i': NULL, 's': NULL}";

    /// <summary>Type, JSON, then what is taken in of it or, of what does not fit, why (after the <c>!</c>).</summary>
    private static readonly (string Type, string Json, string? Expected)[] Cases =
    [
        (Order, "null", null),
        (Order, "{}", Empty),
        (
            Order,
            """{"id":1,"p":9.5,"d":"2024-01-05","i":[{"q":1,"r":2.5},null,{}],"s":"x"}""",
            "{'id': 1, 'p': 9.50, 'd': 2024-01-05, 'i': [{'q': 1, 'r': 2.5}, NULL, {'q': NULL, 'r': NULL}], 's': x}"
        ),
        // what is not declared is left out
        (Order, """{"id":1,"channel":"web","new":null,"ID":2}""", Empty.Replace("'id': NULL", "'id': 1")),
        (
            Order,
            """{"i":[{"q":1,"z":[{"a":1}]}]}""",
            Empty.Replace("'i': NULL", "'i': [{'q': 1, 'r': NULL}]")
        ),
        // a text with a number in it is one, an empty one is not
        (Order, """{"p":""}""", "!column 'c.p': '' is not a valid decimal(10,2)"),
        (Order, """{"id":"7","p":null,"s":12}""", "{'id': 7, 'p': NULL, 'd': NULL, 'i': NULL, 's': 12}"),
        (
            Order,
            """{"p":1.500,"d":"2024-01-05 00:00"}""",
            "{'id': NULL, 'p': 1.50, 'd': 2024-01-05, 'i': NULL, 's': NULL}"
        ),
        (Order, """{"p":1.005}""", "!column 'c.p': '1.005' is not a valid decimal(10,2)"),
        (Order, """{"id":1.7}""", "!column 'c.id': '1.7' is not a valid integer"),
        (Order, """{"d":"2024-01-05 23:59"}""", "!column 'c.d': '2024-01-05 23:59' is not a valid date"),
        (Order, """{"id":99999999999}""", "!column 'c.id': '99999999999' is not a valid integer"),
        (Order, """{"id":"abc"}""", "!column 'c.id': 'abc' is not a valid integer"),
        (Order, """{"id":{"a":1}}""", "!column 'c.id': '{\"a\":1}' is not a valid integer"),
        (Order, """{"i":[{"q":1},{"q":"two"}]}""", "!column 'c.i[].q': 'two' is not a valid integer"),
        (Order, """{"i":[{"r":2.55}]}""", "!column 'c.i[].r': '2.55' is not a valid decimal(5,1)"),
        (Order, """{"i":"none"}""", "!column 'c.i': '\"none\"' is not a valid list"),
        (Order, """{"i":{"q":1}}""", "!column 'c.i': '{\"q\":1}' is not a valid list"),
        (Order, """{"i":[{"q":1},5]}""", "!column 'c.i[]': '5' is not a valid struct"),
        (Order, "5", "!column 'c': '5' is not a valid struct"),
        (Order, "[{}]", "!column 'c': '[{}]' is not a valid struct"),
        (Order, "\"text\"", "!column 'c': 'text' is not a valid struct"),
        ("integer[]", "[1,null,3]", "[1, NULL, 3]"),
        ("integer[]", "[]", "[]"),
        ("integer[]", """[1,"two",3]""", "!column 'c[]': 'two' is not a valid integer"),
        ("integer[]", "[1,2.7]", "!column 'c[]': '2.7' is not a valid integer"),
        ("integer[]", "{}", "!column 'c': '{}' is not a valid list"),
        ("decimal(10,2)[]", "[1.5,2.75]", "[1.50, 2.75]"),
        ("decimal(10,2)[]", "[1.5,1.005]", "!column 'c[]': '1.005' is not a valid decimal(10,2)"),
        ("integer[2]", "[1,2]", "[1, 2]"),
        ("integer[2]", "[1,2,3]", "!column 'c': '[1, 2, 3]' is not a valid array of 2"),
        ("integer[][]", "[[1],null,[2,3]]", "[[1], NULL, [2, 3]]"),
        ("integer[][]", "[[1],2]", "!column 'c[]': '2' is not a valid list"),
        ("integer[][]", "[[1],[2.5]]", "!column 'c[][]': '2.5' is not a valid integer"),
        ("varchar[]", """["a",1,{"b":2}]""", "[a, 1, '{\"b\":2}']"),
        ("map(varchar, integer)", """{"a":1,"b c":null}""", "{a=1, b c=NULL}"),
        ("map(varchar, integer)", """{"a":"one"}""", "!column 'c[]': 'one' is not a valid integer"),
        ("map(varchar, integer)", "[1]", "!column 'c': '[1]' is not a valid map"),
        (
            "map(varchar, varchar)",
            """{"a":"x","a":"y"}""",
            "!column 'c': '{a=x, a=y}' is not a valid map: a key is there twice"
        ),
        ("map(integer, date)", """{"1":"2024-01-05"}""", "{1=2024-01-05}"),
        ("map(integer, date)", """{"one":"2024-01-05"}""", "!column 'c': 'one' is not a valid integer"),
        (
            "map(integer, date)",
            """{"1":null,"01":null}""",
            "!column 'c': '{1=NULL, 01=NULL}' is not a valid map: a key is there twice"
        ),
        ("map(varchar, struct(n integer)[])", """{"a":[{"n":1,"m":2}],"b":[]}""", "{a=[{'n': 1}], b=[]}"),
        (
            "map(varchar, struct(n integer)[])",
            """{"a":[{"n":1.5}]}""",
            "!column 'c[][].n': '1.5' is not a valid integer"
        ),
        (
            "map(varchar, struct(n integer)[])",
            """{"a":{"n":1}}""",
            "!column 'c[]': '{\"n\":1}' is not a valid list"
        ),
        (
            "struct(t timestamp, l timestamp[], m map(varchar, timestamp))",
            """{"t":"2024-01-05T10:00:00+02:00","l":["2024-01-05 10:00:00",null],"m":{"a":"2024-01-05T10:00:00-01:00"}}""",
            "{'t': '2024-01-05 08:00:00', 'l': ['2024-01-05 10:00:00', NULL], 'm': {a='2024-01-05 11:00:00'}}"
        ),
        ("struct(t timestamp)", """{"t":"soon"}""", "!column 'c.t': 'soon' is not a valid timestamp"),
        ("struct(j json, b boolean)", """{"j":{"x":[1]},"b":true}""", """{'j': '{"x":[1]}', 'b': true}"""),
        (
            """struct("we""ird na.me" integer, "a/b~c" struct("it's" date))""",
            """{"we\"ird na.me":1,"a/b~c":{"it's":"2024-01-05"}}""",
            """{'we"ird na.me': 1, 'a/b~c': {'it\'s': 2024-01-05}}"""
        ),
        (
            """struct("we""ird na.me" integer, "a/b~c" struct("it's" date))""",
            """{"a/b~c":{"it's":"soon"}}""",
            "!column 'c.a/b~c.it's': 'soon' is not a valid date"
        ),
        (
            """struct("we""ird na.me" integer, "a/b~c" struct("it's" date))""",
            """{"a/b~c":[]}""",
            "!column 'c.a/b~c': '[]' is not a valid struct"
        ),
    ];

    private readonly Workbench _bench = new();

    public static TheoryData<string> Types => [.. Cases.Select(one => one.Type).Distinct()];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static FilesConfig Files(string type, FileFormat format = FileFormat.JsonLines) =>
        new(
            "in/*",
            format,
            HivePartitions: false,
            [
                new ColumnInfo("k", "integer", "", [], Volatile: false),
                new ColumnInfo("c", type, "", [], Volatile: false),
            ]
        );

    private ManifestBuilder Project(FilesConfig files, string columns = "k, c, _malformed, _raw") =>
        _bench
            .Project()
            .Source("events", files)
            .Model("bronze", $"select {columns} from {{events}}", Materialization.Incremental)
            .Model("live", $"select {columns} from {{events}}", Materialization.View);

    /// <returns>What was written, one below the other, and numbered from one.</returns>
    private (string? Fit, string? Problem)[] Write(string type)
    {
        var cases = Cases.Where(one => one.Type == type).ToList();
        _bench.Write(
            "in/a.jsonl",
            string.Concat(cases.Select((one, i) => $$"""{"k":{{i + 1}},"c":{{one.Json}}}""" + "\n"))
        );
        return
        [
            .. cases.Select(one =>
                one.Expected is { } text && text.StartsWith('!')
                    ? (null, text[1..])
                    : (one.Expected, (string?)null)
            ),
        ];
    }

    private Task<string[]> RowsAsync(string relation) =>
        _bench.QueryAsync($"select k, cast(c as varchar) from main.{relation} order by k");

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Keep_WhatDoesNotFitIsNull_ForBothReaders(string type)
    {
        var cases = Write(type);

        (await _bench.BuildAsync(Project(Files(type)))).ShouldSucceed();

        string[] expected = [.. cases.Select((one, i) => $"{i + 1}|{one.Fit ?? "null"}")];
        (await RowsAsync("bronze")).ShouldBe(expected);
        (await RowsAsync("live")).ShouldBe(expected);
        (await _bench.QueryAsync("select count(*) from main.bronze where _malformed")).ShouldBe(["0"]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Quarantine_KeepsThemApart_WithTheReason(string type)
    {
        var cases = Write(type);

        var result = await _bench.BuildAsync(Project(Files(type) with { OnError = OnRowError.Quarantine }));

        result.ShouldSucceed();
        var numbered = cases.Select((one, i) => (one.Fit, one.Problem, Number: i + 1)).ToList();
        (await RowsAsync("bronze")).ShouldBe(
            numbered.Where(one => one.Problem is null).Select(one => $"{one.Number}|{one.Fit ?? "null"}")
        );
        (await _bench.QueryAsync("select line, reason from _strata.rejected order by line")).ShouldBe(
            numbered.Where(one => one.Problem is not null).Select(one => $"{one.Number}|{one.Problem}")
        );
    }

    [Fact]
    public async Task Fail_RefusesTheBatch()
    {
        _bench.Write("in/a.jsonl", """{"k":1,"c":[1]}""" + "\n" + """{"k":2,"c":[1,2.7]}""" + "\n");

        var result = await _bench.BuildAsync(Project(Files("integer[]") with { OnError = OnRowError.Fail }));

        var error = result.Node("bronze").Diagnostics.Single();
        error.Code.ShouldBe("ST7046");
        error
            .Details.Single()
            .ShouldBe("in/a.jsonl:2: column 'c[]': '2.7' is not a valid integer: {\"k\":2,\"c\":[1,2.7]}");
    }

    [Fact]
    public async Task TextIsNotKept_LostValuesAndKeysAreSaid()
    {
        _bench.Write(
            "in/a.jsonl",
            """{"k":1,"c":{"id":1,"channel":"web","i":[{"q":1,"z":2}]},"top":1}"""
                + "\n"
                + """{"k":2,"c":{"id":1.7}}"""
                + "\n"
        );

        var result = await _bench.BuildAsync(Project(Files(Order), "k, c"));

        var found = result.Node("bronze").Diagnostics.ToDictionary(problem => problem.Code);
        found["ST7049"]
            .Details.Single()
            .ShouldStartWith("in/a.jsonl:2: column 'c.id': '1.7' is not a valid integer: ");
        found["ST7048"]
            .Details.ShouldBe([
                "'top' of 'in/a.jsonl'",
                "'c.channel' of 'in/a.jsonl'",
                "'c.i[].z' of 'in/a.jsonl'",
            ]);
    }

    [Fact]
    public async Task Rescue_HasNoKeysOfStructs_WhichIsSaid()
    {
        _bench.Write("in/a.jsonl", """{"k":1,"c":{"id":1,"channel":"web"},"top":1}""" + "\n");
        var files = Files(Order) with { NewColumns = NewFileColumns.Rescue };

        var result = await _bench.BuildAsync(
            _bench
                .Project()
                .Source("events", files)
                .Model("bronze", "select k, c, _rescued from {events}", Materialization.Incremental)
        );

        result
            .Node("bronze")
            .Diagnostics.Single()
            .Message.ShouldContain("column 'c.channel' of 'in/a.jsonl'");
    }

    [Fact]
    public async Task Csv_HoldsListsAgainstTheirTypesToo()
    {
        _bench.Write("in/a.csv", "k,c\n1,\"[1.5, 2.75]\"\n2,\"[1.005]\"\n3,x\n4,\n");

        (
            await _bench.BuildAsync(
                _bench
                    .Project()
                    .Source("events", Files("decimal(10,2)[]", FileFormat.Csv))
                    .Model("bronze", "select k, c from {events}", Materialization.Incremental)
            )
        ).ShouldSucceed();

        (await RowsAsync("bronze")).ShouldBe(["1|[1.50, 2.75]", "4|null"]);
        (await _bench.QueryAsync("select line, reason from _strata.rejected order by line")).ShouldBe([
            "3|column 'c[]': '1.005' is not a valid decimal(10,2)",
            "4|column 'c': 'x' is not a valid decimal(10,2)[]",
        ]);
    }

    [Fact]
    public async Task ViewOfCsv_HasThemOrFails()
    {
        _bench.Write("in/a.csv", "k,c\n1,\"[1, 2]\"\n2,\n");
        var view = _bench
            .Project()
            .Source("events", Files("integer[2]", FileFormat.Csv))
            .Model("live", "select k, c from {events}", Materialization.View);

        (await _bench.BuildAsync(view)).ShouldSucceed();

        (await RowsAsync("live")).ShouldBe(["1|[1, 2]", "2|null"]);
        _bench.Write("in/a.csv", "k,c\n1,\"[1, 2.7]\"\n");
        (await Should.ThrowAsync<Exception>(() => RowsAsync("live"))).Message.ShouldContain(
            "'2.7' is not a valid integer"
        );
    }

    [Theory]
    [InlineData("integer")]
    [InlineData("decimal(10, 2)")]
    [InlineData("enum('a(', 'b[]')")]
    [InlineData("struct(a integer")]
    [InlineData("struct(a)")]
    [InlineData("integer[")]
    [InlineData("map(varchar)")]
    [InlineData("struct(a integer) x")]
    public void OtherTypes_AreNotTakenApart(string type) => NestedType.Parse(type).ShouldBeNull();

    [Fact]
    public void Types_AreReadAsTheEngineReadsThem()
    {
        var type = NestedType.Parse(
            """ STRUCT ( a timestamp with time zone , "b ""c" enum('x,)', 'y')[ ][3], m MAP(varchar, decimal(10, 2)) ) """
        );

        var fields = type.ShouldBeOfType<NestedType.Struct>().Fields;
        fields.Select(field => field.Name).ShouldBe(["a", "b \"c", "m"]);
        fields[0].Type.ShouldBe(new NestedType.Scalar("timestamp with time zone"));
        fields[1]
            .Type.ShouldBe(
                new NestedType.List(new NestedType.List(new NestedType.Scalar("enum('x,)', 'y')"), null), 3)
            );
        fields[2]
            .Type.ShouldBe(
                new NestedType.Map(new NestedType.Scalar("varchar"), new NestedType.Scalar("decimal(10, 2)"))
            );
    }
}
