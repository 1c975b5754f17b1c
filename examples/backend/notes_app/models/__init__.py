"""Tables, the shapes of requests and answers, and the classes that read and write them."""
