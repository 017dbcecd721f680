using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Fingerprints;

/// <summary>
/// SHA-256 over named parts, each with its length, so that no two different lists give the same bytes. Beside it the hash that earlier versions
/// made of the same parts, by which what they have built is known again.
/// </summary>
internal sealed class Fingerprint : IDisposable
{
    private readonly Parts _now = new();

    /// <summary>Null as long as both are the same.</summary>
    private Parts? _former;
    private bool _inNow = true;
    private bool _inFormer = true;

    public Fingerprint Add(string name, string? value)
    {
        AddText(name);
        AddText(value ?? "\0");
        return this;
    }

    public Fingerprint Add(string name, IEnumerable<string> values)
    {
        AddText(name);
        var count = 0;
        foreach (var value in values)
        {
            AddText(value);
            count++;
        }
        AddLength(count);
        return this;
    }

    /// <summary>SQL with its references by node, so that it does not matter where these live.</summary>
    public Fingerprint Add(string name, CompiledSql? sql)
    {
        AddText(name);
        if (sql is null)
            return Add("none", "");
        var copied = 0;
        foreach (var reference in sql.References)
        {
            AddText(sql.Text.AsSpan(copied, reference.Span.Start - copied));
            AddText(reference.Kind.ToString());
            AddText(reference.NodeId);
            if (reference.IsWhole)
                AddText("whole");
            copied = reference.Span.End;
        }
        AddText(sql.Text.AsSpan(copied));
        return this;
    }

    /// <summary>Where a relation lives. The connection's name is a mere name: only the former hash holds it.</summary>
    public Fingerprint AddRelation(string connection, RelationName relation)
    {
        _former ??= _now.Copy();
        (_inNow, _inFormer) = (true, false);
        Add("relation", [relation.Schema, relation.Name]);
        (_inNow, _inFormer) = (false, true);
        Add("relation", [connection, relation.Schema, relation.Name]);
        (_inNow, _inFormer) = (true, true);
        return this;
    }

    /// <summary>A part that is itself a hash, or several, and was another one before.</summary>
    public Fingerprint Add(string name, IEnumerable<string> now, IEnumerable<string> former)
    {
        _former ??= _now.Copy();
        (_inNow, _inFormer) = (true, false);
        Add(name, now);
        (_inNow, _inFormer) = (false, true);
        Add(name, former);
        (_inNow, _inFormer) = (true, true);
        return this;
    }

    public string Compute() => _now.Hash();

    public string ComputeFormer() => (_former ?? _now).Hash();

    public void Dispose()
    {
        _now.Dispose();
        _former?.Dispose();
    }

    private void AddText(ReadOnlySpan<char> text)
    {
        if (_inNow)
            _now.AddText(text);
        if (_inFormer)
            _former?.AddText(text);
    }

    private void AddLength(int length)
    {
        if (_inNow)
            _now.AddLength(length);
        if (_inFormer)
            _former?.AddLength(length);
    }

    /// <summary>What is hashed, in one piece: a project has ten thousands of nodes, and most of them are short.</summary>
    private sealed class Parts : IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);
        private int _length;

        public void AddText(ReadOnlySpan<char> text)
        {
            var length = Encoding.UTF8.GetByteCount(text);
            AddLength(length);
            Encoding.UTF8.GetBytes(text, Take(length));
        }

        public void AddLength(int length) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), length);

        public Parts Copy()
        {
            var copy = new Parts();
            _bytes.AsSpan(0, _length).CopyTo(copy.Take(_length));
            return copy;
        }

        public string Hash() => Convert.ToHexStringLower(SHA256.HashData(_bytes.AsSpan(0, _length)));

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        private Span<byte> Take(int length)
        {
            if (_length + length > _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + length));
                _bytes.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
            _length += length;
            return _bytes.AsSpan(_length - length, length);
        }
    }
}
