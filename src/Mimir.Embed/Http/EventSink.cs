namespace Mimir.Embed.Http;

/// <summary>What the protocol's transport writes its events to: they are handed on whole, so that something else may be sent between two.</summary>
/// <param name="take">Takes an event. Its bytes are good until it returns.</param>
internal sealed class EventSink(Func<ReadOnlyMemory<byte>, ValueTask> take) : Stream
{
    private readonly MemoryStream _part = new();

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The data of an event.</summary>
    /// <param name="block">The event.</param>
    /// <returns>Its JSON; empty for an event without.</returns>
    public static ReadOnlyMemory<byte> DataOf(ReadOnlyMemory<byte> block)
    {
        var rest = block;
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            if (line.Span.StartsWith("data: "u8)) return line[6..];
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return default;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_part.Length == 0 && buffer.Span.EndsWith("\n\n"u8))
        {
            await take(buffer).ConfigureAwait(false);
            return;
        }

        _part.Write(buffer.Span);
        var whole = new ReadOnlyMemory<byte>(_part.GetBuffer(), 0, (int)_part.Length);
        if (!whole.Span.EndsWith("\n\n"u8)) return;
        await take(whole).ConfigureAwait(false);
        _part.SetLength(0);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Flush()
    {
        // An event is handed on as soon as it is whole.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
