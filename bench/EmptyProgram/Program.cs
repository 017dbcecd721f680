Console.Out.WriteLine("0.1.0");
