namespace Mimir.Floor;

/// <summary>The caller's id of one message under way, kept while our own stands in its place.</summary>
internal class Slot
{
    private byte[] _original = new byte[48];
    private int _length;

    /// <summary>What stands on the wire upstream: changes with every use of the slot.</summary>
    public long OwnId { get; set; }

    /// <summary>The caller's id, byte for byte.</summary>
    public ReadOnlySpan<byte> Original => _original.AsSpan(0, _length);

    /// <summary>Keeps the caller's id.</summary>
    public void Keep(ReadOnlySpan<byte> id)
    {
        if (id.Length > _original.Length)
        {
            _original = new byte[id.Length];
        }

        id.CopyTo(_original);
        _length = id.Length;
    }
}
