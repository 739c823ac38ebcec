using Mimir.Fuzz.Oracles;
using System.Text;
foreach (var s in new[]{"data: a\n\n","data\n\n","data:\n\n","id: 1\n\ndata: b\n\n","id: 1\ndata: \n\n","id: a\0b\ndata: x\n\n","event: \ndata: y\n\n","retry: 10\n\ndata: x\n\n","retry: 99999999999999999999\ndata: x\n\n","\uFEFF\uFEFFdata: x\n\ndata: y\n\n","data: x\rdata: y\r\rdata: z\r\n\r\n","data: x","data: x\n","event: q\n\ndata: x\n\n","id: 1\ndata: x\n\ndata: y\n\nid\ndata: z\n\n","retry: 7\ndata: q\n\n","retry: 4294967299\ndata: q\n\n","event: \u00e9\ndata: q\n\n","id: \u00e9\ndata: q\n\n"})
{
    var b = Encoding.UTF8.GetBytes(s);
    Console.WriteLine(s.Replace("\n","\\n").Replace("\r","\\r"));
    try { foreach (var e in SseOfRuntime.Parse(b, b.Length)) Console.WriteLine("   bcl "+e.ToString().Replace("\n","\\n")); } catch (Exception x) { Console.WriteLine("   bcl "+x.GetType()+x.Message); }
    foreach (var e in SseReference.Parse(b)) Console.WriteLine("   ref "+e.ToString().Replace("\n","\\n"));
    foreach (var e in SseDriver.Run(new Mimir.Protocol.Sse.SseParser(), b, n=>1).Events) Console.WriteLine("   our "+e.ToString().Replace("\n","\\n"));
}
