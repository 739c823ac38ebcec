using Mimir.Epoll;

namespace Mimir.Floor;

/// <summary>A thread for each direction: reads what is there, replaces the id of every line of it, writes once.</summary>
internal static class StdioToStdio
{
    private const int ReadSize = 1 << 16;

    public static void Run(Child child)
    {
        var slots = new SlotTable<Slot>();
        var down = new Thread(() => Pump(child.Output, new Descriptor(1, IsSocket: false), (line, output) => Restore(line, output, slots)));
        down.Start();
        Pump(new Descriptor(0, IsSocket: false), child.Input, (line, output) => Replace(line, output, slots));
        child.CloseInput();
        down.Join();
    }

    private static void Pump(Descriptor source, Descriptor target, Action<ReadOnlySpan<byte>, ByteBuffer> one)
    {
        var lines = new LineBuffer();
        var output = new ByteBuffer(ReadSize);
        while (true)
        {
            var n = source.Read(lines.Free(ReadSize));
            if (n <= 0)
            {
                return;
            }

            lines.Advance(n);
            while (lines.TryRead(out var line))
            {
                one(line, output);
                output.Add("\n"u8);
            }

            if (output.Length > 0)
            {
                target.WriteAll(output.Span);
                output.Clear();
            }
        }
    }

    private static void Replace(ReadOnlySpan<byte> line, ByteBuffer output, SlotTable<Slot> slots)
    {
        var id = EnvelopeId.Find(line);
        if (id.Length == 0)
        {
            output.Add(line);
            return;
        }

        output.Add(line[..id.At]);
        output.Add(slots.Take(line[id.At..id.End]).OwnId);
        output.Add(line[id.End..]);
    }

    private static void Restore(ReadOnlySpan<byte> line, ByteBuffer output, SlotTable<Slot> slots)
    {
        var id = EnvelopeId.Find(line);
        if (id.Length == 0 || slots.Find(line[id.At..id.End]) is not { } slot)
        {
            output.Add(line);
            return;
        }

        output.Add(line[..id.At]);
        output.Add(slot.Original);
        output.Add(line[id.End..]);
        slots.Return(slot);
    }
}
