namespace Mimir.Load;

/// <summary>The reply to one request as an event stream: notifications, then the reply itself.</summary>
internal static class EventStream
{
    /// <summary>The data of the last event that has any, for data that stands on one line, as every server writes it.</summary>
    /// <param name="body">The whole stream.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ReadOnlySpan<byte> LastMessage(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var start = body.TrimEnd("\r\n"u8).LastIndexOf((byte)'\n') + 1;
            var line = body[start..].TrimEnd("\r\n"u8);
            if (line.StartsWith("data:"u8) && line.Length > 6)
            {
                return line[5..].TrimStart((byte)' ');
            }

            body = body[..start];
        }

        throw new InvalidDataException("An event stream without a message.");
    }
}
