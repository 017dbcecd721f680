using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// The table function <c>strata_rows(number)</c>, through which DuckDB reads rows of ours. One function serves all:
/// DuckDB cannot forget functions, so what is offered is known by number, and forgotten here.
/// </summary>
internal static unsafe class RowFunction
{
    private const string Name = "strata_rows";

    private static readonly ConcurrentDictionary<long, IOfferedRows> Offered = new();
    private static long _last;

    /// <summary>Makes the function known to a database. To one that knows it already nothing happens.</summary>
    public static void Register(DuckDBNativeConnection connection)
    {
        var function = NativeMethods.TableFunction.DuckDBCreateTableFunction();
        using var number = NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.BigInt);
        NativeMethods.TableFunction.DuckDBTableFunctionSetName(function, Name);
        NativeMethods.TableFunction.DuckDBTableFunctionAddParameter(function, number);
        NativeMethods.TableFunction.DuckDBTableFunctionSupportsProjectionPushdown(function, true);
        NativeMethods.TableFunction.DuckDBTableFunctionSetBind(function, &Bind);
        NativeMethods.TableFunction.DuckDBTableFunctionSetInit(function, &Begin);
        NativeMethods.TableFunction.DuckDBTableFunctionSetFunction(function, &Next);
        // refused where another adapter has opened the same database: it is the same function
        _ = NativeMethods.TableFunction.DuckDBRegisterTableFunction(connection, function);
        NativeMethods.TableFunction.DuckDBDestroyTableFunction(ref function);
    }

    /// <summary>The call that reads what is offered under a number.</summary>
    public static string Call(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}({number})");

    public static long Add(IOfferedRows rows)
    {
        var number = Interlocked.Increment(ref _last);
        Offered[number] = rows;
        return number;
    }

    public static void Remove(long number) => Offered.TryRemove(number, out _);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        try
        {
            using var value = NativeMethods.TableFunction.DuckDBBindGetParameter(info, 0);
            if (!Offered.TryGetValue(NativeCalls.Int64(value), out var rows))
            {
                NativeMethods.TableFunction.DuckDBBindSetError(info, "these rows are no longer offered");
                return;
            }
            OfferedColumns.Describe(rows.Columns, info);
            NativeMethods.TableFunction.DuckDBBindSetBindData(info, Keep(rows), &Free);
        }
        catch (Exception e)
        {
            NativeMethods.TableFunction.DuckDBBindSetError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Begin(nint info)
    {
        try
        {
            var rows = Get<IOfferedRows>(NativeMethods.TableFunction.DuckDBInitGetBindData(info));
            var columns = new int[NativeMethods.TableFunction.DuckDBInitGetColumnCount(info)];
            for (var i = 0; i < columns.Length; i++)
            {
                // a query that wants no column at all asks for one that does not exist
                var index = NativeMethods.TableFunction.DuckDBInitGetColumnIndex(info, (ulong)i);
                columns[i] = index < (ulong)rows.Columns.Length ? (int)index : -1;
            }
            NativeMethods.TableFunction.DuckDBInitSetInitData(info, Keep(rows.Open(columns)), &FreeScan);
        }
        catch (Exception e)
        {
            NativeMethods.TableFunction.DuckDBInitSetError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Next(nint info, nint chunk)
    {
        try
        {
            Get<IOfferedScan>(NativeMethods.TableFunction.DuckDBFunctionGetInitData(info)).Fill(chunk);
        }
        catch (Exception e)
        {
            NativeMethods.TableFunction.DuckDBFunctionSetError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint kept) => GCHandle.FromIntPtr(kept).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeScan(nint kept)
    {
        Get<IOfferedScan>(kept).Stop();
        GCHandle.FromIntPtr(kept).Free();
    }

    private static nint Keep(object value) => GCHandle.ToIntPtr(GCHandle.Alloc(value));

    private static T Get<T>(nint kept) => (T)GCHandle.FromIntPtr(kept).Target!;
}
