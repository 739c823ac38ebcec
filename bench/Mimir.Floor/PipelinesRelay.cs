using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace Mimir.Floor;

/// <summary>
/// The relay between pipes as it is commonly written: streams, System.IO.Pipelines, an asynchronous loop for each direction.
/// Beside <see cref="StdioToStdio"/> it shows what blocking threads on bare descriptors save.
/// </summary>
internal static class PipelinesRelay
{
    private static readonly StreamPipeReaderOptions s_reading = new(bufferSize: 1 << 16);

    private delegate void Rewrite(ReadOnlySpan<byte> line, PipeWriter output);

    public static async Task RunAsync(Child child)
    {
        var slots = new SlotTable<Slot>();
        var down = PumpAsync(
            PipeReader.Create(child.OutputStream, s_reading),
            PipeWriter.Create(Console.OpenStandardOutput()),
            (line, output) => Restore(line, output, slots));
        await PumpAsync(
            PipeReader.Create(Console.OpenStandardInput(), s_reading),
            PipeWriter.Create(child.InputStream),
            (line, output) => Replace(line, output, slots));
        child.CloseInput();
        await down;
    }

    private static async Task PumpAsync(PipeReader source, PipeWriter target, Rewrite rewrite)
    {
        var searched = 0L;
        while (true)
        {
            var read = await source.ReadAsync();
            var rest = read.Buffer;
            var any = false;
            while (rest.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                One(rest.Slice(0, end), target, rewrite);
                rest = rest.Slice(rest.GetPosition(1, end));
                searched = 0;
                any = true;
            }

            searched = rest.Length;

            source.AdvanceTo(rest.Start, rest.End);
            if (any)
            {
                await target.FlushAsync();
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static void One(ReadOnlySequence<byte> line, PipeWriter target, Rewrite rewrite)
    {
        if (line.IsSingleSegment)
        {
            rewrite(line.FirstSpan, target);
        }
        else
        {
            var length = (int)line.Length;
            var rented = ArrayPool<byte>.Shared.Rent(length);
            line.CopyTo(rented);
            rewrite(rented.AsSpan(0, length), target);
            ArrayPool<byte>.Shared.Return(rented);
        }

        target.Write("\n"u8);
    }

    private static void Replace(ReadOnlySpan<byte> line, PipeWriter output, SlotTable<Slot> slots)
    {
        var id = EnvelopeId.Find(line);
        if (id.Length == 0)
        {
            output.Write(line);
            return;
        }

        output.Write(line[..id.At]);
        _ = Utf8Formatter.TryFormat(slots.Take(line[id.At..id.End]).OwnId, output.GetSpan(20), out var digits);
        output.Advance(digits);
        output.Write(line[id.End..]);
    }

    private static void Restore(ReadOnlySpan<byte> line, PipeWriter output, SlotTable<Slot> slots)
    {
        var id = EnvelopeId.Find(line);
        if (id.Length == 0 || slots.Find(line[id.At..id.End]) is not { } slot)
        {
            output.Write(line);
            return;
        }

        output.Write(line[..id.At]);
        output.Write(slot.Original);
        output.Write(line[id.End..]);
        slots.Return(slot);
    }
}
